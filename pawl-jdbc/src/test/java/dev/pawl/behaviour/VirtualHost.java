package dev.pawl.behaviour;

import dev.pawl.engine.Engine;
import dev.pawl.jackson.JacksonCodec;
import dev.pawl.jdbc.SqliteStore;
import dev.pawl.store.Commit;
import dev.pawl.store.MemoryStore;
import dev.pawl.store.RunRow;
import dev.pawl.store.ScheduleRow;
import dev.pawl.store.Store;
import dev.pawl.store.StoreException;
import dev.pawl.store.Writer;
import dev.pawl.testkit.turns.Killed;
import dev.pawl.testkit.turns.Order;
import dev.pawl.testkit.turns.Scheduler;
import dev.pawl.testkit.turns.VirtualProcess;
import dev.pawl.workflow.RunId;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A machine in virtual time on which one engine after the other runs over one store. It can be
/// killed at each write, stay down for a while, and have a clock that is wrong.
final class VirtualHost implements AutoCloseable {
  private final Scheduler scheduler = new Scheduler(Order.FIRST_COME);
  private final Supplier<Store> opener;
  private final Consumer<Engine> main;
  private Store store;
  private VirtualProcess process;
  private Engine engine;
  private Duration skew = Duration.ZERO;
  private int processes;
  private int writes; // by the process that lives
  private int fatal; // the write at which it dies; 0 for none
  private boolean afterwards; // it dies after that write, and not before
  private int failing; // how many writes of schedules are still to fail
  private Duration down = Duration.ZERO; // how long it stays down when it has died

  private VirtualHost(Supplier<Store> opener, Consumer<Engine> main) {
    this.opener = opener;
    this.main = main;
    boot();
  }

  /// A machine that is up.
  ///
  /// @param main what the application does each time it starts
  static VirtualHost of(Place place, Path directory, Consumer<Engine> main) {
    var memory = new MemoryStore();
    return new VirtualHost(
        () -> place == Place.MEMORY ? memory : SqliteStore.open(directory.resolve("schedules.db")),
        main);
  }

  Engine engine() {
    return engine;
  }

  Instant now() {
    return scheduler.now();
  }

  /// The keys of all runs, in the order of their starts.
  List<String> keys() {
    return runs().stream().map(RunRow::key).toList();
  }

  List<RunRow> runs() {
    return store.runs(Store.Filter.ALL, Optional.empty(), 10_000);
  }

  Optional<RunRow> run(RunId id) {
    return store.run(id);
  }

  /// Lets time pass.
  void pass(Duration time) {
    passTo(now().plus(time));
  }

  /// Lets time pass until then; a process that dies meanwhile is followed by the next.
  void passTo(Instant end) {
    for (; ; ) {
      scheduler.idle();
      if (process.isKilled()) {
        scheduler.passTo(now().plus(down));
        boot();
        continue;
      }
      var next = scheduler.nextAlarm();
      if (next == null || next.isAfter(end)) {
        scheduler.passTo(end);
        scheduler.idle();
        if (!process.isKilled()) {
          return;
        }
        continue;
      }
      scheduler.passTo(next);
    }
  }

  /// Kills the process, and starts another after a time.
  void restart(Duration down) {
    kill();
    scheduler.passTo(now().plus(down));
    boot();
  }

  /// Closes the engine in good order, and starts another after a time.
  void stop(Duration down) {
    engine.close();
    restart(down);
  }

  private void kill() {
    process.kill();
    scheduler.idle();
    if (store instanceof SqliteStore) {
      store.close();
    }
  }

  /// Sets the clock this far ahead of the right time, now and in all processes to come.
  void clock(Duration skew) {
    this.skew = skew;
    process.skew(skew);
  }

  /// Lets the process die right before its write of this number, counted from the first on that
  /// comes from now on.
  void dieBefore(int write) {
    writes = 0;
    fatal = write;
    afterwards = false;
  }

  /// As [#dieBefore], but right after that write.
  void dieAfter(int write) {
    dieBefore(write);
    afterwards = true;
  }

  /// When it dies, it stays down for so long.
  void staysDown(Duration time) {
    down = time;
  }

  /// Lets the next writes of schedules fail, so many.
  void failWrites(int count) {
    failing = count;
  }

  /// Whether the process is still to die.
  boolean isDoomed() {
    return fatal > 0;
  }

  private void boot() {
    if (process != null && store instanceof SqliteStore) {
      store.close();
    }
    for (boolean up = false; !up; ) {
      process = scheduler.process("host", ++processes);
      process.skew(skew);
      store = opener.get();
      try {
        engine = Engine.builder().turns(process).store(mortal()).codec(new JacksonCodec()).start();
        main.accept(engine);
        up = true;
      } catch (Killed e) {
        if (store instanceof SqliteStore) {
          store.close();
        }
      }
    }
  }

  @Override
  public void close() {
    kill();
  }

  private Store mortal() {
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) -> {
              try {
                var result = method.invoke(store, arguments);
                return result instanceof Writer writer ? new MortalWriter(writer) : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private final class MortalWriter implements Writer {
    private final Writer writer;

    MortalWriter(Writer writer) {
      this.writer = writer;
    }

    private <T> T mortal(Supplier<T> write) {
      boolean last = ++writes == fatal;
      if (last && !afterwards) {
        die();
      }
      var result = write.get();
      if (last) {
        die();
      }
      return result;
    }

    private void die() {
      fatal = 0;
      process.kill();
      process.checkLives();
    }

    @Override
    public long id() {
      return writer.id();
    }

    @Override
    public List<Commit.Rejection> commit(long batch, List<Commit> commits) {
      return mortal(() -> writer.commit(batch, commits));
    }

    @Override
    public void putShape(String workflow, String version, String fingerprint) {
      writer.putShape(workflow, version, fingerprint);
    }

    @Override
    public void writeSchedules(Collection<ScheduleRow> rows, Collection<String> removed) {
      if (failing-- > 0) {
        throw new StoreException(StoreException.Kind.UNAVAILABLE, "no answer");
      }
      mortal(() -> {
        writer.writeSchedules(rows, removed);
        return true;
      });
    }

    @Override
    public void close() {
      writer.close();
    }
  }
}
