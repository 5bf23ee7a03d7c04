package dev.pawl.testkit.simulation;

import dev.pawl.engine.Engine;
import dev.pawl.engine.EngineBuilder;
import dev.pawl.engine.Hook;
import dev.pawl.engine.HookEvent;
import dev.pawl.engine.IllegalStatus;
import dev.pawl.engine.Run;
import dev.pawl.engine.RunListener;
import dev.pawl.engine.Start;
import dev.pawl.engine.StartOptions;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.StoreException;
import dev.pawl.testkit.turns.Killed;
import dev.pawl.testkit.turns.VirtualProcess;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.step.Retry;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One simulated process: an engine, somebody who starts runs with it, and observers who hold what
/// it shows against what was committed.
final class Host {
  private final World world;
  private final VirtualProcess process;
  private final SimulatedStore store;
  private @Nullable Engine engine;
  private long writer;
  private boolean broken;
  private boolean full;
  private boolean closing;
  private boolean closed;

  Host(World world, VirtualProcess process) {
    this.world = world;
    this.process = process;
    this.store = new SimulatedStore(this, world.ledger());
  }

  VirtualProcess process() {
    return process;
  }

  /// Opens the engine, and starts what has not been started.
  void boot() {
    note("boots");
    process.start("main", this::open);
  }

  private void open() {
    guarded(() -> {
      var opened = listening(world.builder(process).store(store)).start();
      opened.listen(new Listener());
      engine = opened;
      world.changed();
      for (var start : world.starts()) {
        start(opened, start);
      }
      world.schedules().forEach(opened.schedules()::put);
      process.start("observer", () -> guarded(() -> observe(opened)));
      process.start("feed", () -> guarded(() -> read(opened)));
      for (var sending : world.sendings()) {
        var sender = new Sender(this, world, opened, sending);
        process.start("sender", () -> guarded(sender::send));
      }
    });
    if (engine == null) {
      broke("its engine did not open");
    }
  }

  /// With a hook and a stream, if the scenario wants to hear what is sent.
  private EngineBuilder listening(EngineBuilder builder) {
    if (!world.isListening()) {
      return builder;
    }
    var hook =
        Hook.of(
                "post",
                (event, ctx) -> {
                  reach();
                  mayLose("hook for " + event.id());
                  arrived(event.id());
                  reach();
                })
            .on(HookEvent.Kind.values())
            .retry(Retry.exponential(Duration.ofSeconds(1), Integer.MAX_VALUE))
            .within(Duration.ofHours(1));
    return builder.hook(hook).publishTo(new PostStream(this));
  }

  private <S> void start(Engine engine, Scenario.Start<S> start) {
    var options = StartOptions.DEFAULT.request(start.key());
    var first = world.first(start);
    if (first.isPresent()) {
      first.get().start(engine, new Start<>(start.workflow(), start.key(), start.state(), options));
    } else {
      engine.start(start.workflow(), start.key(), start.state(), options);
    }
    check(world.ledger().book(start.key()).isPresent(), start.key() + " started, says the engine");
  }

  /// Does something with the engine, as users do: a store that fails ends it, all else is a
  /// finding.
  private void guarded(Work work) {
    try {
      work.run();
    } catch (StoreException e) {
      note("is told: " + e.getMessage());
    } catch (Killed e) {
      throw e;
    } catch (Violation e) {
      world.violated(e);
    } catch (Throwable e) {
      var violation = new Violation("api", "a call failed: " + e);
      violation.initCause(e);
      world.violated(violation);
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  /// Does something with the engine on a thread of its own, when there is one.
  void act(String name, Consumer<Engine> action) {
    var opened = engine;
    if (opened != null && !process.isKilled()) {
      process.start(name, () -> guarded(() -> action.accept(opened)));
    }
  }

  /// Gives a command to a run, if there is one, on a thread of its own; one that is over refuses.
  private void command(String name, Scenario.Start<?> start, Consumer<Run<?>> command) {
    act(
        name,
        opened ->
            opened
                .find(start.workflow(), start.key())
                .ifPresent(run -> {
                  try {
                    command.accept(run);
                  } catch (IllegalStatus e) {
                    note(start.key() + " is over");
                  }
                }));
  }

  /// Pauses a run, and resumes it later.
  void pause(Scenario.Start<?> start, Duration time) {
    command(
        "pause",
        start,
        run -> {
          note("pauses " + start.key());
          run.pause("simulated");
          process.bell().awaitUntil(process.nanoTime() + time.toNanos());
          run.resume();
        });
  }

  void cancel(Scenario.Start<?> start) {
    command(
        "cancel",
        start,
        run -> {
          note("cancels " + start.key());
          run.cancel("simulated");
          var status = run.status();
          check(
              status == RunStatus.CANCELLED
                  || status == RunStatus.RUNNING
                  || status == RunStatus.COMPENSATING
                  || status == RunStatus.PAUSED,
              start.key() + " was cancelled and is " + status);
        });
  }

  void resume(RunRow row) {
    act(
        "resume",
        opened -> {
          var run = opened.find(world.workflow(row), row.id()).orElseThrow();
          try {
            if (run.status() == RunStatus.PAUSED) {
              run.resume();
            }
          } catch (IllegalStatus e) {
            note(row.key() + " is over");
          }
        });
  }

  /// Closes the engine in good order, then ends the process.
  void shutDown() {
    closing = true;
    act(
        "close",
        opened -> {
          note("closes");
          opened.close(Duration.ofSeconds(10));
          closed = true;
          note("is closed");
          world.changed();
        });
  }

  boolean isOpen() {
    return engine != null && !isDown();
  }

  boolean isClosed() {
    return closed;
  }

  /// Whether its engine cannot write any more.
  boolean isBroken() {
    return broken;
  }

  boolean isDown() {
    boolean replaced = writer != 0 && writer != world.ledger().newestWriter();
    return broken || closing || replaced || process.isKilled();
  }

  void kill() {
    if (!process.isKilled()) {
      note("is killed");
      process.kill();
      world.changed();
    }
  }

  void fill() {
    full = true;
    note("has a full disk");
  }

  /// Runs the scenario's own check, here.
  void check(Scenario.Check check, Consumer<@Nullable Throwable> done) {
    act(
        "check",
        opened -> {
          Throwable failure = null;
          try {
            for (var start : world.starts()) { // the store says that they are over; so must handles
              var run = opened.find(start.workflow(), start.key());
              if (run.isPresent()) {
                run.get().result(Duration.ofHours(1));
              }
            }
            check.check(opened);
          } catch (Killed e) {
            throw e;
          } catch (Throwable e) {
            failure = e;
          }
          done.accept(failure);
        });
  }

  // What the store asks.

  void writes(long id) {
    writer = id;
  }

  void reach() {
    process.checkLives();
    world
        .latency()
        .ifPresent(time -> process.bell().awaitUntil(process.nanoTime() + time.toNanos()));
    process.giveWay();
  }

  void mayCrash(String when) {
    if (world.drawsCrash()) {
      note("dies " + when);
      process.kill();
      world.changed();
      process.checkLives();
    }
  }

  /// Fails where steps fail.
  void mayLose(String what) {
    if (draws(Fault.FAILED_STEP)) {
      note(what + " fails");
      throw new SimulatedFailure(what);
    }
  }

  /// Hears what has arrived.
  void arrived(String id) {
    note(id + " arrives");
    guarded(() -> world.ledger().post().arrived(id));
    world.changed();
  }

  void refuseIfFull() {
    if (full && world.isFaulty()) {
      broke("its disk is full");
      throw new StoreException(StoreException.Kind.FULL, "the simulated disk is full");
    }
  }

  boolean draws(Fault fault) {
    return world.draws(fault);
  }

  void broke(@Nullable String why) {
    if (!broken) {
      broken = true;
      note("writes no more: " + why);
      world.changed();
    }
  }

  void note(String line) {
    world.note(process.name() + " " + line);
  }

  // What is seen from outside was committed before.

  void check(boolean holds, String what) {
    if (!holds) {
      throw new Violation("committed before observed", what + ", but the store says otherwise");
    }
  }

  Ledger.Book book(RunId run) {
    var book = world.ledger().books().get(run);
    if (book == null) {
      throw new Violation(
          "committed before observed", "run " + run + " is shown, but was never started");
    }
    return book;
  }

  /// Whether a run has, or had, this status. One that was written together with the next is not in
  /// the books, so only an end is held against them.
  private static boolean isKnown(Ledger.Book book, RunStatus status) {
    return !status.isFinal() || book.state().status() == status;
  }

  private void observe(Engine opened) throws InterruptedException {
    while (isWatching()) {
      process.sleep(world.anyTime());
      for (var start : world.starts()) {
        var run = opened.find(start.workflow(), start.key());
        if (run.isPresent()) {
          var status = run.get().status();
          var book = book(run.get().id());
          check(isKnown(book, status), start.key() + " shows " + status);
          check(run.get().path().size() <= book.history.size() + 1, start.key() + " shows a path");
        }
      }
    }
  }

  /// Whether its engine is open, and there is something left to see.
  boolean isWatching() {
    return world.isWatched() && !closed;
  }

  private void read(Engine opened) {
    var start = world.starts().getFirst();
    var run = opened.find(start.workflow(), start.key()).orElseThrow();
    var book = book(run.id());
    try (var feed = run.feed(0)) {
      for (var event : feed) {
        switch (event) {
          case Run.Event.Committed<?> committed -> {
            var row = row(book, committed.sequence());
            check(
                row != null && row.node().equals(committed.node()),
                start.key() + " shows " + committed);
          }
          case Run.Event.Emitted<?> emitted -> note("sees " + emitted);
          case Run.Event.Retracted<?> retracted -> note("sees " + retracted);
          case Run.Event.Ended<?> ended ->
              check(book.isFinal(), start.key() + " shows its end " + ended.result());
        }
      }
    }
  }

  private static @Nullable HistoryRow row(Ledger.Book book, long seq) {
    return seq <= book.history.size() ? book.history.get((int) seq - 1) : null;
  }

  private final class Listener implements RunListener {
    @Override
    public void committed(HistoryRow row) {
      guarded(() -> {
        check(row.equals(row(book(row.run()), row.seq())), "a listener hears " + row);
      });
    }

    @Override
    public void changed(RunId run, RunRow.State state) {
      guarded(() -> {
        check(isKnown(book(run), state.status()), "a listener hears " + state);
      });
    }
  }
}
