package dev.pawl.cli;

import dev.pawl.engine.Engine;
import dev.pawl.engine.Limits;
import dev.pawl.engine.Run;
import dev.pawl.engine.StartOptions;
import dev.pawl.examples.Bank;
import dev.pawl.examples.Faults;
import dev.pawl.examples.Order;
import dev.pawl.examples.OrderLines;
import dev.pawl.examples.Orders;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.RunRow.Unique;
import dev.pawl.store.Store;
import dev.pawl.store.StoreException;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Starts a run for each order, waits for all of them, and adds up what they came to.
final class OrdersDemo {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
  private static final Duration CLOSING = Duration.ofSeconds(2);
  private static final StartOptions ONCE_EVER =
      StartOptions.DEFAULT.unique(Unique.EVER).taken(StartOptions.Taken.ATTACH);
  private static final int PAGE = 1_000;

  private final Path db;
  private final Faults faults;
  private final int concurrency;
  private final Tally tally;
  private final AtomicReference<@Nullable Exception> broken = new AtomicReference<>();

  OrdersDemo(Path db, Faults faults, int concurrency, Tally tally) {
    this.db = db;
    this.faults = faults;
    this.concurrency = concurrency;
    this.tally = tally;
  }

  /// Runs the orders of a file.
  ///
  /// @param name what the file is called in reports
  /// @param showing begins to show how far they are, once the files are open
  /// @throws StoreException if the store cannot be used
  /// @throws Bank.Unusable if the bank cannot be used
  /// @throws InterruptedException if the thread or the process is interrupted
  Summary run(InputStream orders, String name, Supplier<Progress> showing)
      throws IOException, Bank.Unusable, InterruptedException {
    long began = System.nanoTime();
    var limits = Limits.DEFAULT.poisonAfter(0);
    try (var engine = Engine.builder().sqlite(db).limits(limits).start();
        var bank = Bank.open(db.resolveSibling(db.getFileName() + ".bank"), this::stop)) {
      var interrupt = new Thread(() -> interrupted(engine, bank), "pawl-interrupted");
      Runtime.getRuntime().addShutdownHook(interrupt);
      try (var progress = showing.get()) {
        var workflow = Orders.workflow(bank, faults);
        engine.register(workflow);
        runAll(engine, workflow, orders, name, progress);
        rethrow(broken.get());
        progress.finish();
        return summary(engine, workflow, bank, began);
      } finally {
        // Before the bank: a step may still be asking it.
        engine.close(CLOSING);
        unhook(interrupt);
      }
    }
  }

  private void stop(Exception reason) {
    broken.compareAndSet(null, reason);
  }

  private void interrupted(Engine engine, Bank bank) {
    stop(new InterruptedException("the process is ending"));
    engine.close(CLOSING);
    try {
      bank.close();
    } catch (Bank.Unusable e) {
      // What it has booked is durable; there is nobody left to tell.
      return;
    }
  }

  private static void unhook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending; the hook is at work.
      return;
    }
  }

  private static void rethrow(@Nullable Exception error)
      throws Bank.Unusable, InterruptedException {
    switch (error) {
      case null -> {}
      case Bank.Unusable e -> throw e;
      case InterruptedException e -> throw e;
      case RuntimeException e -> throw e;
      default -> throw new IllegalStateException(error);
    }
  }

  private void runAll(
      Engine engine, Workflow<Order> workflow, InputStream orders, String name, Progress progress)
      throws IOException, InterruptedException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        OrderLines.read(orders, new Starting(engine, workflow, threads, name, progress));
      } catch (IOException | InterruptedException e) {
        stop(e);
        throw e;
      }
    }
  }

  /// Starts a run for each order that is new, as soon as there is room for it.
  private final class Starting implements OrderLines.Sink {
    private final Engine engine;
    private final Workflow<Order> workflow;
    private final ExecutorService threads;
    private final String name;
    private final Progress progress;
    private final Set<String> seen = new HashSet<>();
    private final Semaphore room = new Semaphore(concurrency);

    Starting(
        Engine engine,
        Workflow<Order> workflow,
        ExecutorService threads,
        String name,
        Progress progress) {
      this.engine = engine;
      this.workflow = workflow;
      this.threads = threads;
      this.name = name;
      this.progress = progress;
    }

    @Override
    public void order(Order order) throws InterruptedException {
      if (broken.get() != null) {
        return;
      }
      if (!seen.add(order.id())) {
        tally.repeated.incrementAndGet();
        return;
      }
      room.acquire();
      tally.started.incrementAndGet();
      threads.execute(() -> {
        try {
          runOne(engine, workflow, order, progress);
        } finally {
          room.release();
        }
      });
    }

    @Override
    public void bad(OrderLines.Bad bad) {
      if (broken.get() == null) {
        tally.invalid.incrementAndGet();
        progress.say(OrdersCommand.report(name, bad));
      }
    }
  }

  private void runOne(Engine engine, Workflow<Order> workflow, Order order, Progress progress) {
    try {
      var run = engine.start(workflow, order.id(), order, ONCE_EVER);
      while (broken.get() == null) {
        switch (run.result(LOOK_AGAIN)) {
          case Run.Result.Completed<Order> done -> {
            tally.completed.incrementAndGet();
            return;
          }
          case Run.Result.Failed<Order> done -> {
            tally.failed.incrementAndGet();
            return;
          }
          case Run.Result.Cancelled<Order> done -> {
            tally.failed.incrementAndGet();
            return;
          }
          case Run.Result.StillOpen<Order> open -> {
            if (run.status() == RunStatus.PAUSED) {
              progress.say(
                  OrdersCommand.oneLine("order " + order.id() + " is paused, and is left so"));
              return;
            }
          }
        }
      }
    } catch (InterruptedException | RuntimeException e) {
      stop(e);
    }
  }

  private Summary summary(Engine engine, Workflow<Order> workflow, Bank bank, long began)
      throws Bank.Unusable {
    long steps = 0;
    long retries = 0;
    var total = BigDecimal.ZERO;
    var filter = new Store.Filter(Optional.of(workflow.name()), Optional.empty(), List.of());
    var after = Optional.<RunId>empty();
    for (var page = engine.runs(filter, after, PAGE); !page.isEmpty(); ) {
      for (var row : page) {
        var run = engine.find(workflow, row.id()).orElseThrow();
        for (var entries = run.history(0, PAGE);
            !entries.isEmpty();
            entries = run.history(entries.getLast().seq(), PAGE)) {
          for (var entry : entries) {
            steps += entry.kind() == HistoryRow.Kind.LEFT ? 1 : 0;
            retries += entry.kind() == HistoryRow.Kind.RETRY ? 1 : 0;
          }
        }
        if (row.state().status() == RunStatus.COMPLETED) {
          var order = run.state();
          total = order.status() == Order.Status.SHIPPED ? total.add(order.total()) : total;
        }
      }
      after = Optional.of(page.getLast().id());
      page = engine.runs(filter, after, PAGE);
    }
    return new Summary(
        tally.started.get(),
        tally.completed.get(),
        tally.failed.get(),
        tally.invalid.get(),
        steps,
        retries,
        total,
        bank.total(),
        (System.nanoTime() - began) / 1e9);
  }
}
