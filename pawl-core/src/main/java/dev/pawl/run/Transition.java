package dev.pawl.run;

import java.util.List;
import java.util.Optional;

/// What an event does to a run.
///
/// @param before the run before it
/// @param after the run after it
/// @param facts what is recorded, in order
/// @param effects what is to be done once that is durable
/// @param accepted the message that the run accepts by it
public record Transition(
    RunState before,
    RunState after,
    List<Fact> facts,
    List<Effect> effects,
    Optional<Message> accepted) {
  /// The branches whose visits it has ended before anything came of their work, as they were.
  public List<Branch> dropped() {
    return Drops.of(before, after, facts);
  }

  /// Whether the event changed nothing.
  @SuppressWarnings("ReferenceEquality") // a run that has not changed is the same object
  public boolean isNothing() {
    return before == after;
  }
}
