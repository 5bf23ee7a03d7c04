package dev.pawl.testkit.simulation;

import dev.pawl.store.HistoryRow;
import dev.pawl.store.RunRow;
import dev.pawl.testkit.turns.Scheduler;
import java.util.ArrayList;
import java.util.List;

/// What happened: for people, if anybody wants to know, and for the hash of the course.
final class Trace {
  private final Scheduler scheduler;
  private final boolean kept;
  private final List<String> lines = new ArrayList<>();

  Trace(Scheduler scheduler, boolean kept) {
    this.scheduler = scheduler;
    this.kept = kept;
  }

  void note(String line) {
    if (kept) {
      lines.add("%12.6f %s".formatted(scheduler.nanos() / 1e9, line));
    }
  }

  void row(String run, HistoryRow row) {
    scheduler.note(row.kind().ordinal() * 31L + row.seq());
    if (kept) {
      note(
          "  %s #%d %s %s visit %d attempt %d %s%s%s%s"
              .formatted(
                  run,
                  row.seq(),
                  row.kind(),
                  row.branch().isEmpty() ? "root" : row.branch(),
                  row.visit(),
                  row.attempt(),
                  row.node(),
                  row.port().isEmpty() ? "" : " by " + row.port(),
                  row.next().isEmpty() ? "" : " to " + row.next(),
                  row.error().map(error -> ": " + error).orElse("")));
    }
  }

  void state(String run, RunRow.State state) {
    scheduler.note(state.status().ordinal());
    if (kept) {
      note("  " + run + " is " + state.status() + ", owner " + state.owner());
    }
  }

  List<String> lines() {
    return lines;
  }
}
