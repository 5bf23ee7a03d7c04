package dev.pawl.testkit.simulation;

import dev.pawl.store.Commit;
import dev.pawl.store.MemoryStore;
import dev.pawl.store.ScheduleRow;
import dev.pawl.store.Store;
import dev.pawl.store.Writer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A store that does not ask, or asks only once, whether a writer has been replaced.
final class UnfencedStore {
  private final boolean asksOnce;
  private final MemoryStore store = new MemoryStore();
  private @Nullable Writer newest;
  private long batches;

  private UnfencedStore(boolean asksOnce) {
    this.asksOnce = asksOnce;
  }

  /// Writes what any writer sends.
  static Store thatNeverAsks() {
    return new UnfencedStore(false).store();
  }

  /// Asks at the first commit of a writer.
  static Store thatAsksAtTheStart() {
    return new UnfencedStore(true).store();
  }

  private Store store() {
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("writer")) {
                newest = store.writer();
                batches = 0;
                return new Unfenced(newest);
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private final class Unfenced implements Writer {
    private final Writer own;
    private long last;
    private List<Commit.Rejection> answer = List.of();

    Unfenced(Writer own) {
      this.own = own;
    }

    @Override
    public long id() {
      return own.id();
    }

    @Override
    public List<Commit.Rejection> commit(long batch, List<Commit> commits) {
      if (batch == last) {
        return answer;
      }
      var writer = asksOnce && last == 0 ? own : Objects.requireNonNull(newest);
      answer = writer.commit(writer == newest ? ++batches : batch, commits);
      last = batch;
      return answer;
    }

    @Override
    public void putShape(String workflow, String version, String fingerprint) {
      Objects.requireNonNull(newest).putShape(workflow, version, fingerprint);
    }

    @Override
    public void writeSchedules(Collection<ScheduleRow> rows, Collection<String> removed) {
      Objects.requireNonNull(newest).writeSchedules(rows, removed);
    }

    @Override
    public void close() {
      own.close();
    }
  }
}
