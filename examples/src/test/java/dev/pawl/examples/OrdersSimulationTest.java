package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.Engine;
import dev.pawl.examples.Order.Line;
import dev.pawl.examples.Order.Status;
import dev.pawl.testkit.simulation.Fault;
import dev.pawl.testkit.simulation.Scenario;
import dev.pawl.testkit.simulation.Simulation;
import dev.pawl.testkit.simulation.Stage;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Orders on machines that fail, and the snippets of `docs/testing.md` on simulation.
class OrdersSimulationTest {
  private final Logger engines = Logger.getLogger("dev.pawl.engine");

  @BeforeEach
  void silence() {
    engines.setLevel(Level.OFF); // an engine on a failing disk has much to say
  }

  @AfterEach
  void speak() {
    engines.setLevel(null);
  }

  @Test
  void paysForWhatIsShippedAndForNothingElse() {
    Simulation.of(OrdersSimulationTest::scenario).without(Fault.CANCEL).check(300);
  }

  static Scenario scenario(Stage stage) {
    var bank = new FailingBank(stage);
    var orders = Orders.workflow(bank, Faults.NONE);
    var price = new BigDecimal(stage.random().nextInt(1, 2_000));
    var order = Order.of("o-1", "c-1", "DE", List.of(new Line("tv", BigInteger.ONE, price)));
    return Scenario.of(orders)
        .start(orders, "o-1", order)
        .check(engine -> assertThat(bank.booked.size()).isEqualTo(shipped(engine, orders)));
  }

  static int shipped(Engine engine, Workflow<Order> orders) {
    var run = engine.find(orders, "o-1").orElseThrow();
    assertThat(run.status()).isIn(RunStatus.COMPLETED, RunStatus.FAILED);
    return run.state().status() == Status.SHIPPED ? 1 : 0;
  }

  /// A bank that is slow, and fails before it has booked or after.
  static final class FailingBank implements Orders.Cashier {
    final Map<String, BigDecimal> booked = new LinkedHashMap<>();
    final Stage stage;

    FailingBank(Stage stage) {
      this.stage = stage;
    }

    @Override
    public String charge(String key, String order, BigDecimal amount) throws InterruptedException {
      stage.lag();
      stage.mayFail("the bank");
      booked.putIfAbsent(key, amount);
      stage.mayFail("the line to the bank");
      return "receipt-" + order;
    }

    @Override
    public void voidCharge(String key) throws InterruptedException {
      stage.lag();
      stage.mayFail("the bank");
      booked.remove(key);
    }
  }
}
