package dev.pawl.store;

import java.util.List;

/// What a commit does to the messages of its run.
///
/// @param received messages that the run accepts; the store remembers their ids as long as the run
/// @param used numbers of messages that leave the inbox, those of `received` among them: such a
///   message never enters it
public record Mail(List<MessageRow> received, List<Long> used) {
  /// Nothing.
  public static final Mail NONE = new Mail(List.of(), List.of());

  /// Copies the lists.
  public Mail {
    received = List.copyOf(received);
    used = List.copyOf(used);
  }

  /// Whether it does nothing.
  public boolean isEmpty() {
    return received.isEmpty() && used.isEmpty();
  }
}
