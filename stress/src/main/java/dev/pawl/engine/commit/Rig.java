package dev.pawl.engine.commit;

import dev.pawl.engine.turns.Turns;
import dev.pawl.store.Commit;
import dev.pawl.store.Mail;
import dev.pawl.store.ScheduleRow;
import dev.pawl.store.Writer;
import dev.pawl.workflow.RunId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A committer whose store takes everything at once. It lives as long as the process does, because
/// a committer has a thread.
final class Rig {
  private static final AtomicLong RUNS = new AtomicLong();
  final Turns turns = Turns.system();
  final Committer committer;

  /// @param limit how many commits may queue
  Rig(int limit) {
    this.committer =
        new Committer(
            turns,
            new Accepting(),
            limit,
            error -> {
              throw error;
            });
  }

  /// A run that no other test has.
  static RunId newRun() {
    return new RunId(1, RUNS.incrementAndGet());
  }

  Ticket ticket(RunId run, Heard heard) {
    var commit =
        new Commit(
            run,
            Optional.empty(),
            List.of(),
            Optional.empty(),
            0,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Mail.NONE);
    return new Ticket(heard, commit, turns.bell());
  }

  /// Counts what the author of commits hears.
  static final class Heard implements Author {
    private final AtomicInteger committed = new AtomicInteger();

    int committedCount() {
      return committed.get();
    }

    @Override
    public boolean isEvicted() {
      return false;
    }

    @Override
    public void committed() {
      committed.incrementAndGet();
    }

    @Override
    public void rejected() {
      throw new AssertionError("nothing is rejected here");
    }
  }

  private static final class Accepting implements Writer {
    @Override
    public long id() {
      return 1;
    }

    @Override
    public List<Commit.Rejection> commit(long batch, List<Commit> commits) {
      return List.of();
    }

    @Override
    public void putShape(String workflow, String version, String fingerprint) {}

    @Override
    public void writeSchedules(Collection<ScheduleRow> rows, Collection<String> removed) {}

    @Override
    public void close() {}
  }
}
