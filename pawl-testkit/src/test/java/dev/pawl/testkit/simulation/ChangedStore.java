package dev.pawl.testkit.simulation;

import dev.pawl.store.Commit;
import dev.pawl.store.Mail;
import dev.pawl.store.MemoryStore;
import dev.pawl.store.OutboxRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.store.Writer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// A store that writes something else than it is told.
final class ChangedStore {
  private ChangedStore() {}

  /// Leaves messages in the inbox that were used.
  static Store thatKeepsUsedMessages() {
    return store(commit -> with(commit, commit.update(), commit.over(), used(commit)));
  }

  private static Mail used(Commit commit) {
    var received = commit.mail().received();
    var direct =
        commit.mail().used().stream()
            .filter(number -> received.stream().anyMatch(m -> m.number() == number))
            .toList();
    return new Mail(received, direct);
  }

  /// Does not count the messages that a run accepts.
  static Store thatLosesTheCount() {
    return store(commit ->
        with(commit, commit.update().map(ChangedStore::uncounted), commit.over(), commit.mail()));
  }

  private static RunRow.State uncounted(RunRow.State state) {
    return new RunRow.State(
        state.status(), state.goal(), state.reason(), state.owner(), 0, state.changed());
  }

  /// Keeps the timers of visits that are over.
  static Store thatKeepsTimers() {
    return store(commit -> with(commit, commit.update(), List.of(), commit.mail()));
  }

  /// Does not write what runs tell each other.
  static Store thatLosesWhatRunsTell() {
    return store(commit ->
        with(
            commit,
            commit.insert(),
            commit.outbox().stream().filter(row -> row.kind() != OutboxRow.Kind.RUN).toList()));
  }

  /// Does not remember which requests have started runs.
  static Store thatForgetsRequests() {
    return store(
        commit -> with(commit, commit.insert().map(ChangedStore::unrequested), commit.outbox()));
  }

  private static RunRow unrequested(RunRow run) {
    return new RunRow(
        run.id(),
        run.workflow(),
        run.version(),
        run.key(),
        run.unique(),
        run.parent().isPresent() ? Optional.empty() : run.request(),
        run.headers(),
        run.input(),
        run.created(),
        run.parent(),
        run.state());
  }

  private static Commit with(
      Commit commit, Optional<RunRow.State> update, List<String> over, Mail mail) {
    return new Commit(
        commit.run(),
        commit.insert(),
        commit.history(),
        update,
        commit.expectedOwner(),
        commit.waits(),
        over,
        commit.once(),
        commit.outbox(),
        commit.settled(),
        mail);
  }

  private static Commit with(Commit commit, Optional<RunRow> insert, List<OutboxRow> outbox) {
    return new Commit(
        commit.run(),
        insert,
        commit.history(),
        commit.update(),
        commit.expectedOwner(),
        commit.waits(),
        commit.over(),
        commit.once(),
        outbox,
        commit.settled(),
        commit.mail());
  }

  private static Store store(UnaryOperator<Commit> change) {
    var store = new MemoryStore();
    return proxy(
        Store.class,
        store,
        "writer",
        nothing -> {
          var writer = store.writer();
          return proxy(
              Writer.class,
              writer,
              "commit",
              arguments ->
                  writer.commit((long) arguments[0], changed((List<?>) arguments[1], change)));
        });
  }

  private static List<Commit> changed(List<?> commits, UnaryOperator<Commit> change) {
    return commits.stream().map(commit -> change.apply((Commit) commit)).toList();
  }

  /// Does what `target` does, but for one method.
  private static <T> T proxy(
      Class<T> type, T target, String method, Function<Object[], Object> instead) {
    InvocationHandler handler =
        (proxy, called, arguments) -> {
          if (called.getName().equals(method)) {
            return instead.apply(arguments);
          }
          try {
            return called.invoke(target, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
