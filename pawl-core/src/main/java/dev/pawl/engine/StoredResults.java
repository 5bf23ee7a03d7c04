package dev.pawl.engine;

import dev.pawl.run.Block;
import dev.pawl.run.Branch;
import dev.pawl.store.HistoryRow;
import dev.pawl.workflow.model.Items;
import dev.pawl.workflow.step.Results;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/// The results of a map, read from the store one by one.
final class StoredResults<I, R> implements Results<I, R>, AutoCloseable {
  private final DurableEngine engine;
  private final OpenRun run;
  private final Block block;
  private final Items items;
  private final long[] ends;
  private boolean closed;

  StoredResults(DurableEngine engine, OpenRun run, Branch map, Block block, Items items) {
    this.engine = engine;
    this.run = run;
    this.block = block;
    this.items = items;
    this.ends = engine.store().ends(run.id, map.id(), map.visit(), block.total());
  }

  @Override
  public int done() {
    return block.done();
  }

  @Override
  public int failed() {
    return block.failed();
  }

  @Override
  public List<R> values() {
    var values = new ArrayList<R>(done());
    for (var item : this) {
      if (item instanceof Done<I, R> done) {
        values.add(done.value());
      }
    }
    return List.copyOf(values);
  }

  @Override
  public List<Failed<I, R>> failures() {
    var failures = new ArrayList<Failed<I, R>>(failed());
    for (var item : this) {
      if (item instanceof Failed<I, R> failed) {
        failures.add(failed);
      }
    }
    return List.copyOf(failures);
  }

  @Override
  public Iterator<Item<I, R>> iterator() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < ends.length;
      }

      @Override
      public Item<I, R> next() {
        if (next >= ends.length) {
          throw new NoSuchElementException();
        }
        return item(next++);
      }
    };
  }

  @SuppressWarnings("unchecked")
  private Item<I, R> item(int index) {
    if (closed) {
      throw new IllegalStateException("results can be read during the fold only");
    }
    var input = (I) items.values().get(index);
    HistoryRow row = engine.store().row(run.id, ends[index]).orElseThrow();
    if (row.kind() == HistoryRow.Kind.GAVE_UP) {
      return new Failed<>(input, row.error().orElse(""), row.attempt());
    }
    return new Done<>(
        input,
        (R)
            engine
                .stored()
                .value(row, run.input, run.registered.plan().nested(block.node(), index).result()));
  }

  @Override
  public void close() {
    closed = true;
  }
}
