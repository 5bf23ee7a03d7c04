package dev.pawl.workflow.step;

import static java.util.Objects.requireNonNull;

/// What steps tell people while they are at work: the name under which feeds show it, and its type.
///
/// @param name its name
/// @param type the type of its values, which are never stored
public record Channel<T>(String name, Class<T> type) {
  /// Refuses null.
  public Channel {
    requireNonNull(name, "name");
    requireNonNull(type, "type");
  }

  /// A channel.
  public static <T> Channel<T> of(String name, Class<T> type) {
    return new Channel<>(name, type);
  }
}
