package dev.pawl.run;

import java.time.Instant;

/// What the shell has to do once a transition is durable.
public sealed interface Effect {
  /// The branch's next attempt may begin.
  record Begin(String branch) implements Effect {}

  /// The branch's attempt is to be interrupted.
  record Interrupt(String branch) implements Effect {}

  /// At a time, [Event.Due] is due.
  record Wake(String branch, int visit, int attempt, Instant at) implements Effect {}

  /// At a time, [Event.Late] is due.
  record Deadline(String branch, int visit, Instant at) implements Effect {}

  /// At a time, [Event.Expired] is due.
  record Expiry(Instant at) implements Effect {}
}
