package dev.pawl.testkit.simulation;

import dev.pawl.store.Commit;
import dev.pawl.store.MemoryStore;
import dev.pawl.store.OutboxRow;
import dev.pawl.store.Settled;
import dev.pawl.store.Store;
import dev.pawl.store.Writer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/// A store that takes a row of the outbox as delivered as soon as somebody has read it: the next
/// batch deletes it.
final class HastyStore {
  private final MemoryStore store = new MemoryStore();
  private final List<OutboxRow> read = new ArrayList<>();

  private HastyStore() {}

  static Store make() {
    return new HastyStore().proxy();
  }

  private Store proxy() {
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) -> {
              Object answer;
              try {
                answer = method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (method.getName().equals("outbox")) {
                ((List<?>) answer).forEach(row -> read.add((OutboxRow) row));
              }
              return answer instanceof Writer writer ? hasty(writer) : answer;
            });
  }

  private Writer hasty(Writer writer) {
    return (Writer)
        Proxy.newProxyInstance(
            Writer.class.getClassLoader(),
            new Class<?>[] {Writer.class},
            (proxy, method, arguments) -> {
              try {
                return method.getName().equals("commit")
                    ? writer.commit((Long) arguments[0], settling((List<?>) arguments[1]))
                    : method.invoke(writer, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /// The commits of a batch, the first of which deletes what was read.
  private List<Commit> settling(List<?> commits) {
    var all = new ArrayList<Commit>();
    commits.forEach(commit -> all.add((Commit) commit));
    var first = all.getFirst();
    var settled = new ArrayList<>(first.settled());
    read.forEach(row -> settled.add(Settled.gone(row)));
    read.clear();
    all.set(
        0,
        new Commit(
            first.run(),
            first.insert(),
            first.history(),
            first.update(),
            first.expectedOwner(),
            first.waits(),
            first.over(),
            first.once(),
            first.outbox(),
            settled,
            first.mail()));
    return all;
  }
}
