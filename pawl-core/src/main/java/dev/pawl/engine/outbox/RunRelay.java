package dev.pawl.engine.outbox;

import dev.pawl.engine.turns.Turns;
import dev.pawl.store.OutboxRow;
import dev.pawl.store.Settled;
import dev.pawl.store.Store;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes rows of the outbox to the runs that they are for: page by page, in the order of their
/// numbers, and removes them when these have them, unless these do it themselves. A crash in
/// between delivers them again. While one page is being written, the next is handed over.
///
/// Rows that cannot be delivered now, because nobody has registered the workflow yet or the run
/// cannot be read, hold up nothing; they are tried again when there is reason to, and less and less
/// often without.
public final class RunRelay {
  private static final int PAGE = 500;
  private static final long SOON = Duration.ofMillis(100).toNanos();
  private static final long LATE = Duration.ofMinutes(1).toNanos();
  private final Store store;
  private final Settler settler;
  private final Post post;
  private final Rounds rounds;
  private volatile boolean anew;
  private long after; // these four: by the relay's thread
  private @Nullable Handed underWay;
  private boolean kept;
  private long pause = SOON;

  /// Who hands rows over.
  @FunctionalInterface
  public interface Post {
    /// Hands rows over, in order, and does not wait until that is durable.
    Handed hand(List<OutboxRow> rows);
  }

  /// Rows on their way to their runs.
  @FunctionalInterface
  public interface Handed {
    /// Waits until it is known what became of them.
    Outcome await();
  }

  /// What became of rows.
  ///
  /// @param gone those that arrived, durably, or that nobody waits for any more
  /// @param kept whether there are some that cannot be delivered now
  public record Outcome(List<OutboxRow> gone, boolean kept) {}

  /// Delivers by this post; [#start] makes it begin.
  public RunRelay(Turns turns, Store store, Settler settler, Post post) {
    this.store = store;
    this.settler = settler;
    this.post = post;
    this.rounds = new Rounds(turns, this::round);
  }

  /// Begins with what is in the outbox.
  ///
  /// @param name of its thread
  public void start(String name) {
    rounds.start(name);
  }

  /// Hears that there are more rows.
  public void added() {
    rounds.ring();
  }

  /// Hears that rows may be delivered now that could not be before.
  public void again() {
    anew = true;
    pause = SOON;
    rounds.ring();
  }

  private long round() {
    if (anew) {
      anew = false;
      after = 0;
      kept = false;
    }
    var page = store.outboxOfRuns(after, PAGE);
    var before = underWay;
    if (page.isEmpty() && before == null) {
      return kept ? later() : Rounds.FOREVER;
    }
    underWay = page.isEmpty() ? null : post.hand(page);
    after = page.isEmpty() ? after : page.getLast().number();
    if (before != null) {
      finish(before);
    }
    return 0;
  }

  private void finish(Handed page) {
    var outcome = page.await();
    var gone = outcome.gone();
    if (!gone.isEmpty()) {
      settler.settleSoon(gone.getFirst().run(), gone.stream().map(Settled::gone).toList());
    }
    kept |= outcome.kept();
  }

  private long later() {
    long wait = pause;
    pause = Math.min(2 * pause, LATE);
    anew = true;
    return wait;
  }

  /// Delivers nothing more.
  ///
  /// @param until when it is interrupted, by the monotonic clock
  public void close(long until) {
    rounds.close(until);
  }
}
