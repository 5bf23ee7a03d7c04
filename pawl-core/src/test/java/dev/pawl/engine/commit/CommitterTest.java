package dev.pawl.engine.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.turns.Turns;
import dev.pawl.store.Commit;
import dev.pawl.store.Mail;
import dev.pawl.store.ScheduleRow;
import dev.pawl.store.StoreException;
import dev.pawl.store.Writer;
import dev.pawl.workflow.RunId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of commits on their way to a store that answers, refuses, or fails.
@Timeout(60)
final class CommitterTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int ROOM = 3;

  private final Turns turns = Turns.system();
  private final Script store = new Script();
  private final List<RuntimeException> halts = new CopyOnWriteArrayList<>();
  private final Committer committer = new Committer(turns, store, ROOM, halts::add);

  @AfterEach
  void close() {
    store.gate.countDown();
    committer.close();
  }

  /// Writes batches down, and answers as it was told.
  private static final class Script implements Writer {
    final List<List<RunId>> written = new CopyOnWriteArrayList<>();
    final List<Long> batches = new CopyOnWriteArrayList<>();
    final List<RuntimeException> failures = new CopyOnWriteArrayList<>();
    final List<Commit.Rejection> rejections = new CopyOnWriteArrayList<>();
    volatile CountDownLatch gate = new CountDownLatch(0);

    @Override
    public long id() {
      return 1;
    }

    @Override
    public List<Commit.Rejection> commit(long batch, List<Commit> commits) {
      batches.add(batch);
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new StoreException(StoreException.Kind.CLOSED, "interrupted", e);
      }
      if (!failures.isEmpty()) {
        throw failures.removeFirst();
      }
      written.add(commits.stream().map(Commit::run).toList());
      return List.copyOf(rejections);
    }

    @Override
    public void putShape(String workflow, String version, String fingerprint) {}

    @Override
    public void writeSchedules(Collection<ScheduleRow> rows, Collection<String> removed) {}

    @Override
    public void close() {}
  }

  /// A run that remembers what it heard.
  private static final class Hearing implements Author {
    final List<String> heard = new CopyOnWriteArrayList<>();
    volatile boolean evicted;

    @Override
    public boolean isEvicted() {
      return evicted;
    }

    @Override
    public void committed() {
      heard.add("committed");
    }

    @Override
    public void rejected() {
      heard.add("rejected");
    }
  }

  private static RunId run(int number) {
    return RunId.of(1, 0, number);
  }

  private Ticket ticket(Author author, int run) {
    var commit =
        new Commit(
            run(run),
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
    return new Ticket(author, commit, turns.bell());
  }

  private Ticket queued(Author author, int run) {
    var ticket = ticket(author, run);
    committer.enqueue(ticket);
    return ticket;
  }

  private static StoreException failure(StoreException.Kind kind) {
    return new StoreException(kind, "as told");
  }

  @Test
  void writesWhatHasQueuedAsOneBatchAndTellsEachAuthor() {
    var author = new Hearing();
    var other = new Hearing();
    var first = queued(author, 1);
    var second = queued(other, 2);

    assertThat(committer.await(second)).isNull();

    assertThat(committer.await(first)).isNull();
    assertThat(store.written).containsExactly(List.of(run(1), run(2)));
    assertThat(author.heard).containsExactly("committed");
    assertThat(other.heard).containsExactly("committed");
    assertThat(committer.halted()).isNull();
  }

  @Test
  void writesWhatItWasHanded() {
    committer.handOver(queued(new Hearing(), 1));
    committer.handOver(queued(new Hearing(), 2));

    assertThat(store.written).containsExactly(List.of(run(1)), List.of(run(2)));
    assertThat(store.batches).containsExactly(1L, 2L);
  }

  @Test
  void tellsOfEachCommitWhyItWasRefused() {
    store.rejections.add(new Commit.Rejection(1, Commit.Reason.KEY_TAKEN));
    var refused = new Hearing();
    var first = queued(new Hearing(), 1);
    var second = queued(refused, 2);

    assertThat(committer.await(first)).isNull();

    assertThat(committer.await(second)).isEqualTo(Commit.Reason.KEY_TAKEN);
    assertThat(refused.heard).containsExactly("rejected");
  }

  @Test
  void refusesToHandOverWhatTheStoreRefuses() {
    store.rejections.add(new Commit.Rejection(0, Commit.Reason.STALE));
    var ticket = queued(new Hearing(), 1);

    assertThatThrownBy(() -> committer.handOver(ticket))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("STALE");
  }

  @Test
  void writesNothingOfARunAfterOneOfItsCommitsWasRefused() {
    var evicted = new Hearing();
    evicted.evicted = true;
    var before = queued(evicted, 1);
    var ticket = queued(new Hearing(), 2);

    assertThat(committer.await(ticket)).isNull();

    assertThat(committer.await(before)).isEqualTo(Commit.Reason.STALE);
    assertThat(evicted.heard).containsExactly("rejected");
    assertThat(store.written).containsExactly(List.of(run(2)));
  }

  @Test
  void writesCommitsOfOneRunAsOne() {
    store.rejections.add(new Commit.Rejection(0, Commit.Reason.STALE));
    var first = queued(new Hearing(), 1);
    var other = queued(new Hearing(), 2);
    var second = queued(new Hearing(), 1);

    assertThat(committer.await(other)).isNull();

    assertThat(store.written).containsExactly(List.of(run(1), run(2)));
    assertThat(committer.await(first)).isEqualTo(Commit.Reason.STALE);
    assertThat(committer.await(second)).isEqualTo(Commit.Reason.STALE);
  }

  @Test
  void asksAgainWithTheSameNumberWhenTheAnswerIsLost() {
    store.failures.add(failure(StoreException.Kind.UNAVAILABLE));
    store.failures.add(failure(StoreException.Kind.UNAVAILABLE));

    assertThat(committer.await(queued(new Hearing(), 1))).isNull();
    assertThat(committer.await(queued(new Hearing(), 2))).isNull();

    assertThat(store.batches).containsExactly(1L, 1L, 1L, 2L);
    assertThat(store.written).containsExactly(List.of(run(1)), List.of(run(2)));
    assertThat(halts).isEmpty();
  }

  @Test
  void writesNothingMoreAfterAnErrorThatDoesNotPass() {
    var error = failure(StoreException.Kind.FULL);
    store.failures.add(error);
    var author = new Hearing();
    var first = queued(author, 1);
    var second = queued(author, 2);

    assertThatThrownBy(() -> committer.await(first)).isSameAs(error);
    assertThatThrownBy(() -> committer.await(second)).isSameAs(error);

    var later = queued(author, 3);
    assertThatThrownBy(() -> committer.await(later)).isSameAs(error);
    committer.awaitRoom();
    assertThat(committer.halted()).isSameAs(error);
    assertThat(halts).containsExactly(error);
    assertThat(store.written).isEmpty();
    assertThat(author.heard).isEmpty();
  }

  @Test
  void letsCallersWaitWhileTheQueueIsFull() {
    store.gate = new CountDownLatch(1);
    var tickets = new ArrayList<Ticket>();
    for (int i = 0; i < ROOM; i++) {
      tickets.add(queued(new Hearing(), i));
    }
    var entered = new CopyOnWriteArrayList<Integer>();
    var waiting =
        IntStream.range(0, 2)
            .mapToObj(i ->
                turns.start(
                    "waiting",
                    () -> {
                      committer.awaitRoom();
                      entered.add(i);
                    }))
            .toList();
    Awaitility.await()
        .until(() -> waiting.stream().allMatch(each -> each.getState() == Thread.State.WAITING));
    assertThat(entered).isEmpty();

    store.gate.countDown();
    committer.flush();

    Awaitility.await().atMost(LIMIT).until(() -> entered.size() == 2);
    tickets.forEach(ticket -> assertThat(committer.await(ticket)).isNull());
    committer.awaitRoom();
  }

  @Test
  void letsTheNextBatchQueueBehindTheOneBeingWritten() {
    store.gate = new CountDownLatch(1);
    var first = queued(new Hearing(), 1);
    var writing = turns.start("writing", () -> committer.await(first));
    Awaitility.await().until(() -> store.batches.size() == 1);
    var second = queued(new Hearing(), 2);
    var third = queued(new Hearing(), 3);
    committer.flush();
    assertThat(store.batches).hasSize(1);

    store.gate.countDown();

    assertThat(committer.await(second)).isNull();
    assertThat(committer.await(third)).isNull();
    assertThat(store.written).containsExactly(List.of(run(1)), List.of(run(2), run(3)));
    Awaitility.await().until(() -> !writing.isAlive());
  }

  @Test
  void writesWhatHasQueuedBeforeItStops() {
    var closing = new Committer(turns, store, ROOM, halts::add);
    var ticket = ticket(new Hearing(), 1);
    closing.enqueue(ticket);

    closing.close();

    assertThat(store.written).containsExactly(List.of(run(1)));
    assertThat(closing.await(ticket)).isNull();
  }
}
