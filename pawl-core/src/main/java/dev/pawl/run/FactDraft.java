package dev.pawl.run;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A fact about a branch, while its optional parts are named one by one.
final class FactDraft {
  private final RunState run;
  private final Branch branch;
  private final Fact.Kind kind;
  private final Instant at;
  private String port = "";
  private List<Integer> next = List.of();
  private @Nullable Object state;
  private @Nullable Failure failure;
  private @Nullable Instant due;
  private Duration took = Duration.ZERO;
  private int steps;
  private int branches;
  private Optional<String> message = Optional.empty();

  FactDraft(RunState run, Branch branch, Fact.Kind kind, Instant at) {
    this.run = run;
    this.branch = branch;
    this.kind = kind;
    this.at = at;
  }

  FactDraft port(String port) {
    this.port = port;
    return this;
  }

  FactDraft next(List<Integer> next) {
    this.next = next;
    return this;
  }

  FactDraft state(@Nullable Object state) {
    this.state = state;
    return this;
  }

  FactDraft failure(@Nullable Failure failure) {
    this.failure = failure;
    return this;
  }

  FactDraft due(Instant due) {
    this.due = due;
    return this;
  }

  FactDraft took(Duration took) {
    this.took = took;
    return this;
  }

  /// How many visits this adds to the run.
  FactDraft steps(int more) {
    this.steps = more;
    return this;
  }

  /// How many branches this adds to the run.
  FactDraft branches(int more) {
    this.branches = more;
    return this;
  }

  /// The sender's id of the signal that it is about.
  FactDraft message(Optional<String> id) {
    this.message = id;
    return this;
  }

  Fact make() {
    return new Fact(
        run.seq() + 1,
        kind,
        branch.id(),
        branch.visit(),
        branch.node(),
        branch.attempt(),
        port,
        next,
        state,
        failure,
        due,
        at,
        took,
        run.steps() + steps,
        run.started() + branches,
        message);
  }
}
