package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.jdbc.SqliteStore;
import dev.pawl.store.Commit;
import dev.pawl.store.MemoryStore;
import dev.pawl.store.Store;
import dev.pawl.store.Writer;
import dev.pawl.testkit.TestEngine;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Signal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How often a run is written between the arrival of a signal and the start of the step after it.
@Timeout(60)
final class SignalCommitsTest {
  private static final Signal<String> PAY = Signal.of("pay", String.class);
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir private Path directory;
  private final List<Commit> commits = new ArrayList<>();
  private int before;
  private int atStart;

  sealed interface Order {
    record Placed() implements Order {}

    record Paid() implements Order {}

    record Shipped() implements Order {}
  }

  private <T> T started(T state) {
    atStart = commits.size();
    return state;
  }

  private Workflow<String> graph() {
    var g = Workflow.graph("graph", String.class);
    var pay = g.await("pay", PAY, (order, by) -> order + by);
    var ship = g.step("ship", this::started);
    g.start(pay).path(pay, ship, g.end());
    return g.build();
  }

  private Workflow<Order> machine() {
    return Workflow.machine("machine", Order.class)
        .onSignal(Order.Placed.class, PAY, Order.Paid.class, (placed, by, ctx) -> new Order.Paid())
        .onTimeout(
            Order.Placed.class, DAY, Order.Shipped.class, (placed, ctx) -> new Order.Shipped())
        .on(Order.Paid.class, Order.Shipped.class, (paid, ctx) -> started(new Order.Shipped()))
        .ends(Order.Shipped.class)
        .build();
  }

  private TestEngine engine(Place place, Workflow<?> workflow) {
    return TestEngine.builder(workflow)
        .store(() ->
            counting(
                place == Place.SQLITE
                    ? SqliteStore.open(directory.resolve("pawl.db"))
                    : new MemoryStore()))
        .start();
  }

  private Store counting(Store store) {
    return proxy(
        Store.class,
        (method, arguments) -> {
          var result = method.invoke(store, arguments);
          return result instanceof Writer writer ? counting(writer) : result;
        });
  }

  private Writer counting(Writer writer) {
    return proxy(
        Writer.class,
        (method, arguments) -> {
          if (method.getName().equals("commit")) {
            ((List<?>) arguments[1]).forEach(commit -> commits.add((Commit) commit));
          }
          return method.invoke(writer, arguments);
        });
  }

  private interface Call {
    Object of(Method method, Object[] arguments) throws ReflectiveOperationException;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              try {
                return call.of(method, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void isTwiceInAGraph(Place place) {
    var graph = graph();
    try (var engine = engine(place, graph)) {
      var run = engine.start(graph, "o", "");
      engine.settle();
      before = commits.size();

      run.signal(PAY, "visa");
      engine.settle();

      assertThat(atStart - before).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void isTwiceInAMachine(Place place) {
    var machine = machine();
    try (var engine = engine(place, machine)) {
      var run = engine.start(machine, "o", new Order.Placed());
      engine.settle();
      before = commits.size();

      run.signal(PAY, "visa");
      engine.settle();

      assertThat(atStart - before).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void isTwiceForAnUpdate(Place place) throws Exception {
    var machine = machine();
    try (var engine = engine(place, machine)) {
      var run = engine.start(machine, "o", new Order.Placed());
      engine.settle();
      before = commits.size();

      run.update(PAY, "visa", DAY);
      engine.settle();

      assertThat(atStart - before).isEqualTo(2);
    }
  }
}
