package dev.pawl.testkit.conformance;

import static dev.pawl.testkit.conformance.StoreFixture.NOW;
import static dev.pawl.testkit.conformance.StoreFixture.WORKFLOW;
import static dev.pawl.testkit.conformance.StoreFixture.bytes;
import static dev.pawl.testkit.conformance.StoreFixture.id;
import static dev.pawl.testkit.conformance.StoreFixture.row;

import dev.pawl.store.Commit;
import dev.pawl.store.HistoryRow.Kind;
import dev.pawl.store.RunRow;
import dev.pawl.store.RunRow.Unique;
import dev.pawl.store.Store;
import dev.pawl.workflow.RunStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/// Batches of commits for a few runs that compete for a few keys. Each has at most one commit of a
/// run, and no commit leaves out a sequence number, as engines write them; else anything goes.
final class RandomBatches {
  static final List<String> KEYS = List.of("a", "b", "c");
  private static final int RUNS = 24;
  private static final long OWNER = 7;
  private static final RunStatus[] STATUSES = RunStatus.values();
  private static final Unique[] SCOPES = Unique.values();
  private final Random random;
  private final Store model;

  /// @param model what has been written so far
  RandomBatches(long seed, Store model) {
    this.random = new Random(seed);
    this.model = model;
  }

  static IntStream numbers() {
    return IntStream.range(0, RUNS);
  }

  List<Commit> next() {
    var numbers = new ArrayList<>(numbers().boxed().toList());
    Collections.shuffle(numbers, random);
    return numbers.subList(0, 1 + random.nextInt(6)).stream().map(this::commit).toList();
  }

  private Commit commit(int number) {
    var known = model.run(id(number));
    var draft = new CommitDraft(id(number));
    int rows = random.nextInt(3);
    if (known.isEmpty() && chance(80) || chance(2)) {
      draft.insert(run(number));
    } else if (chance(50)) {
      long owner = chance(90) ? known.map(run -> run.state().owner()).orElse(0L) : OWNER;
      draft.update(owner, state());
    } else {
      rows++;
    }
    long seq = model.history(id(number), 0, Integer.MAX_VALUE).size() + 1L;
    if (chance(5) && seq > 1) {
      seq--;
    }
    for (int i = 0; i < rows; i++) {
      long floor = Math.max(0, seq + i - random.nextInt(3));
      draft.row(row(number, seq + i, pick(Kind.values()), branch(), "next", floor));
    }
    if (chance(30)) {
      draft.over(branch());
    }
    if (chance(30)) {
      draft.wait(branch(), NOW.plusSeconds(random.nextInt(20)));
    }
    if (chance(20)) {
      draft.once("", 1, pick("x", "y"), bytes("once " + random.nextInt(9)));
    }
    return draft.commit();
  }

  private RunRow run(int number) {
    return new RunRow(
        id(number),
        WORKFLOW,
        "1",
        pick(KEYS.toArray(String[]::new)),
        pick(SCOPES),
        chance(20) ? Optional.of(pick(KEYS.toArray(String[]::new))) : Optional.empty(),
        Map.of(),
        bytes("input"),
        NOW,
        Optional.empty(),
        state());
  }

  private RunRow.State state() {
    var status = pick(STATUSES);
    long owner = status.isFinal() || chance(40) ? 0 : OWNER;
    return new RunRow.State(status, Optional.empty(), "", owner, random.nextInt(3), NOW);
  }

  private String branch() {
    return pick("", "/1.0", "/1.1");
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  @SafeVarargs
  private <T> T pick(T... options) {
    return options[random.nextInt(options.length)];
  }
}
