package dev.pawl.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a branch in a wait for signals knows of them.
///
/// @param correlations for each signal of its node, which messages are for it; empty if all are
/// @param heard the signals that it has handled in this visit
/// @param signal the name of the one that it is handling, or null
/// @param payload what that one carries, opaque here
/// @param row the row of the outbox that it came by, which stays there until what comes of it is
///   recorded; 0 if the history has the signal
public record Listening(
    List<Optional<String>> correlations,
    List<String> heard,
    @Nullable String signal,
    @Nullable Object payload,
    long row) {
  static final Listening ANY = new Listening(List.of(), List.of(), null, null, 0);

  /// Copies the lists.
  public Listening {
    correlations = List.copyOf(correlations);
    heard = List.copyOf(heard);
  }

  Listening to(List<Optional<String>> correlations) {
    return new Listening(correlations, heard, signal, payload, row);
  }

  Listening received(String signal, @Nullable Object payload, long row) {
    return new Listening(correlations, heard, signal, payload, row);
  }

  Listening handled(String signal) {
    var more = new ArrayList<>(heard);
    more.add(signal);
    return new Listening(correlations, more, null, null, 0);
  }

  /// Whether a message is for the signal at `index` of its node.
  boolean accepts(int index, Message message) {
    return index >= correlations.size()
        || correlations.get(index).isEmpty()
        || correlations.get(index).equals(message.correlation());
  }
}
