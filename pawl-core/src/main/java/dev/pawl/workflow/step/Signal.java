package dev.pawl.workflow.step;

import static java.util.Objects.requireNonNull;

/// A kind of message that runs wait for: the name under which it is stored, and the type of what it
/// carries.
///
/// @param name its durable identity among the signals of a workflow
/// @param type the type of the payload, which is stored until a wait has handled it
public record Signal<T>(String name, Class<T> type) {
  /// Refuses an empty name.
  public Signal {
    requireNonNull(type, "type");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("the name of a signal is empty; name what it tells");
    }
  }

  /// A signal.
  public static <T> Signal<T> of(String name, Class<T> type) {
    return new Signal<>(name, type);
  }
}
