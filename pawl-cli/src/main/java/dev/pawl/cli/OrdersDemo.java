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
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Starts a run for each order, waits for all of them, and adds up what they came to.
final class OrdersDemo {
  private static final Duration FOREVER = Duration.ofDays(36_500);
  private static final StartOptions ONCE_EVER =
      StartOptions.DEFAULT.unique(Unique.EVER).taken(StartOptions.Taken.ATTACH);
  private static final int PAGE = 1_000;

  private final Path db;
  private final Faults faults;
  private final int concurrency;
  private final PrintWriter err;
  private final AtomicLong completed = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong invalid = new AtomicLong();
  private final AtomicLong started = new AtomicLong();
  private final AtomicReference<@Nullable RuntimeException> broken = new AtomicReference<>();

  OrdersDemo(Path db, Faults faults, int concurrency, PrintWriter err) {
    this.db = db;
    this.faults = faults;
    this.concurrency = concurrency;
    this.err = err;
  }

  /// Runs the orders of a file.
  ///
  /// @param name what the file is called in reports
  /// @throws StoreException if the store cannot be used
  Summary run(InputStream orders, String name)
      throws IOException, SQLException, InterruptedException {
    long began = System.nanoTime();
    var limits = Limits.DEFAULT.poisonAfter(0);
    try (var engine = Engine.builder().sqlite(db).limits(limits).start();
        var bank = Bank.open(db.resolveSibling(db.getFileName() + ".bank"))) {
      var closing = new Thread(() -> engine.close(Duration.ofSeconds(5)), "pawl-interrupted");
      Runtime.getRuntime().addShutdownHook(closing);
      try (var progress = new Progress(err, started, completed, failed)) {
        var workflow = Orders.workflow(bank, faults);
        engine.register(workflow);
        runAll(engine, workflow, orders, name);
      } finally {
        unhook(closing);
      }
      return summary(engine, Orders.workflow(bank, faults), bank, began);
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

  private void runAll(Engine engine, Workflow<Order> workflow, InputStream orders, String name)
      throws IOException, InterruptedException {
    var seen = new HashSet<String>();
    var room = new Semaphore(concurrency);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      OrderLines.read(
          orders,
          order -> {
            if (broken.get() == null && seen.add(order.id())) {
              started.incrementAndGet();
              room.acquireUninterruptibly();
              threads.execute(() -> {
                try {
                  runOne(engine, workflow, order);
                } finally {
                  room.release();
                }
              });
            }
          },
          bad -> {
            invalid.incrementAndGet();
            err.println(OrdersCommand.report(name, bad));
          });
    }
    var error = broken.get();
    if (error != null) {
      throw error;
    }
  }

  private void runOne(Engine engine, Workflow<Order> workflow, Order order) {
    try {
      var run = engine.start(workflow, order.id(), order, ONCE_EVER);
      var result = run.result(FOREVER);
      (result instanceof Run.Result.Completed ? completed : failed).incrementAndGet();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      broken.compareAndSet(null, e);
    }
  }

  private Summary summary(Engine engine, Workflow<Order> workflow, Bank bank, long began)
      throws SQLException {
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
        started.get(),
        completed.get(),
        failed.get(),
        invalid.get(),
        steps,
        retries,
        total,
        bank.total(),
        (System.nanoTime() - began) / 1e9);
  }
}
