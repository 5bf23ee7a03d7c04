package dev.pawl.engine.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.store.Commit;
import dev.pawl.store.Encoded;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.Mail;
import dev.pawl.store.MemoryStore;
import dev.pawl.store.OnceRow;
import dev.pawl.store.OutboxRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.store.WaitRow;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// Two commits put together write what they write one after the other.
final class CommitsTest {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
  private static final RunId RUN = RunId.of(1, 0, 0);
  private static final List<String> BRANCHES = List.of("", "/1.0", "/1.1");

  @Test
  void writeTogetherWhatTheyWriteOneAfterTheOther() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed " + seed);
    for (int i = 0; i < 500; i++) {
      var random = new Random(seed + i);
      var before = new Draft(random, 0, 0).insert().commit();
      long owner = before.insert().orElseThrow().state().owner();
      var first = new Draft(random, before.history().size(), owner).changes().commit();
      long next = first.update().map(RunRow.State::owner).orElse(owner);
      int rows = before.history().size() + first.history().size();
      var second = new Draft(random, rows, next).changes().commit();

      var apart = written(before, first, second);

      assertThat(written(before, Commits.both(first, second)))
          .as("repeat with -Dseed=%d", seed + i)
          .isEqualTo(apart);
      assertThat(written(Commits.both(before, first), second))
          .as("repeat with -Dseed=%d", seed + i)
          .isEqualTo(apart);
    }
  }

  /// All that a store knows after these commits.
  private static List<Object> written(Commit... commits) {
    try (var store = new MemoryStore()) {
      var writer = store.writer();
      for (int i = 0; i < commits.length; i++) {
        assertThat(writer.commit(i + 1, List.of(commits[i]))).isEmpty();
      }
      return known(store);
    }
  }

  private static List<Object> known(Store store) {
    var known = new ArrayList<Object>();
    known.add(store.run(RUN));
    known.add(store.history(RUN, 0, 100));
    known.add(store.load(RUN));
    known.add(store.due(Optional.empty(), Instant.MAX, 100));
    for (var branch : BRANCHES) {
      known.add(store.once(RUN, branch, 1));
    }
    known.add(store.outbox(Optional.empty(), 0, 100));
    return known;
  }

  /// A random commit of a run that has so many rows, and this owner.
  private static final class Draft {
    private final Random random;
    private final int rows;
    private final long owner;
    private Optional<RunRow> insert = Optional.empty();
    private Optional<RunRow.State> update = Optional.empty();

    Draft(Random random, int rows, long owner) {
      this.random = random;
      this.rows = rows;
      this.owner = owner;
    }

    Draft insert() {
      insert =
          Optional.of(
              new RunRow(
                  RUN,
                  "orders",
                  "1",
                  "o-1",
                  RunRow.Unique.OPEN,
                  Optional.of("r-1"),
                  Map.of("tenant", "a"),
                  new Encoded.Reference("input"),
                  AT,
                  Optional.empty(),
                  state()));
      return this;
    }

    Draft changes() {
      update = random.nextBoolean() ? Optional.of(state()) : Optional.empty();
      return this;
    }

    Commit commit() {
      return new Commit(
          RUN,
          insert,
          few(i -> row(rows + i + 1)),
          update,
          owner,
          random.nextBoolean() ? List.of(wait(branch())) : List.of(),
          few(i -> branch()),
          few(i -> new OnceRow(RUN, branch(), 1, "name", new Encoded.Reference(random.nextInt()))),
          few(i -> event()),
          List.of(),
          Mail.NONE);
    }

    private <T> List<T> few(IntFunction<T> make) {
      var few = new ArrayList<T>();
      for (int i = random.nextInt(3); i > 0; i--) {
        few.add(make.apply(few.size()));
      }
      return few;
    }

    private String branch() {
      return BRANCHES.get(random.nextInt(BRANCHES.size()));
    }

    private WaitRow wait(String branch) {
      return new WaitRow(RUN, branch, 1 + random.nextInt(2), AT.plusSeconds(random.nextInt(100)));
    }

    private RunRow.State state() {
      var status = random.nextBoolean() ? RunStatus.RUNNING : RunStatus.WAITING;
      return new RunRow.State(status, Optional.empty(), "", random.nextInt(2), 0, AT);
    }

    private HistoryRow row(long seq) {
      return new HistoryRow(
          RUN,
          seq,
          HistoryRow.Kind.LEFT,
          branch(),
          1,
          "node",
          1,
          "",
          "next",
          Optional.of(new Encoded.Reference("state " + seq)),
          Optional.empty(),
          Optional.empty(),
          AT,
          Duration.ZERO,
          random.nextInt((int) seq),
          1,
          1,
          Optional.empty());
    }

    private OutboxRow event() {
      return OutboxRow.sent(
          RUN,
          OutboxRow.Kind.EVENT,
          "e-" + random.nextInt(),
          "shipped",
          "o-1",
          new Encoded.Reference("payload"),
          Map.of(),
          AT);
    }
  }
}
