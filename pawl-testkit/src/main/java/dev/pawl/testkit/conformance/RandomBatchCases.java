package dev.pawl.testkit.conformance;

import static dev.pawl.testkit.conformance.StoreFixture.NOW;
import static dev.pawl.testkit.conformance.StoreFixture.WORKFLOW;
import static dev.pawl.testkit.conformance.StoreFixture.id;
import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.store.Commit.Rejection;
import dev.pawl.store.MemoryStore;
import dev.pawl.store.OnceRow;
import dev.pawl.store.Store;
import dev.pawl.store.Store.Filter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Holds a store against [MemoryStore], by random batches.
interface RandomBatchCases {
  int BATCHES = 300;

  /// The store of this test.
  StoreFixture fixture();

  @Test
  default void agreesWithTheMemoryStoreOnRandomBatches() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println(getClass().getSimpleName() + ": -Dseed=" + seed);
    var memory = new MemoryStore();
    try (var model = memory.writer()) {
      var batches = new RandomBatches(seed, memory);
      for (int batch = 1; batch <= BATCHES; batch++) {
        var commits = batches.next();

        var rejections = fixture().writer().commit(batch, commits);

        // Of several reasons to reject a commit, a store may give any.
        assertThat(rejections)
            .as("batch %d of -Dseed=%d", batch, seed)
            .extracting(Rejection::index)
            .isEqualTo(model.commit(batch, commits).stream().map(Rejection::index).toList());
        if (batch % 20 == 0) {
          int number = batch;
          var expected = seen(memory);
          seen(fixture().store())
              .forEach((what, actual) ->
                  assertThat(actual)
                      .as("%s after batch %d of -Dseed=%d", what, number, seed)
                      .usingRecursiveComparison()
                      .isEqualTo(expected.get(what)));
        }
      }
    }
  }

  /// All that a store shows.
  private static Map<String, Object> seen(Store store) {
    var seen = new LinkedHashMap<String, Object>();
    seen.put("runs", store.runs(Filter.ALL, Optional.empty(), 1_000));
    seen.put("counts", store.counts(Filter.ALL));
    seen.put("owned", store.owned(WORKFLOW, Optional.empty(), 1_000));
    seen.put("due", store.due(Optional.empty(), NOW.plusSeconds(10), 1_000));
    for (var key : RandomBatches.KEYS) {
      seen.put("key " + key, store.find(WORKFLOW, key));
      seen.put("request " + key, store.requested(WORKFLOW, key));
    }
    RandomBatches.numbers()
        .forEach(number -> {
          seen.put("run " + number, store.load(id(number)));
          seen.put("history " + number, store.history(id(number), 0, 1_000));
          seen.put(
              "once " + number,
              store.once(id(number), "", 1).stream().sorted(comparing(OnceRow::name)).toList());
        });
    return seen;
  }
}
