package dev.pawl.run;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
  /// The numbers of the messages that have left the inbox by it.
  @SuppressWarnings("ReferenceEquality") // an inbox that has not changed is the same object
  public List<Long> used() {
    if (accepted.isEmpty() && before.inbox() == after.inbox()) {
      return List.of();
    }
    var come = Stream.concat(before.inbox().unused().stream(), accepted.stream()).toList();
    if (come.size() == after.inbox().unused().size()) {
      return List.of();
    }
    var left = new HashSet<Long>();
    after.inbox().unused().forEach(message -> left.add(message.number()));
    return come.stream().map(Message::number).filter(number -> !left.contains(number)).toList();
  }

  /// The branches whose visits it has ended before anything came of their work, as they were.
  public List<Branch> dropped() {
    return Drops.of(before, after, facts);
  }

  /// The rows of the outbox that have been told to a branch which has gone on by it.
  public List<Long> told() {
    return Drops.told(before, after, facts);
  }

  /// Whether the event changed nothing.
  @SuppressWarnings("ReferenceEquality") // a run that has not changed is the same object
  public boolean isNothing() {
    return before == after;
  }
}
