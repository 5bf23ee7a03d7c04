package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.store.Codec;
import dev.pawl.workflow.Workflow;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;

class TestEnginesTest {
  private record Cart(List<String> lines) {}

  @RegisterExtension private final TestEngines engines = new TestEngines();
  private final Shop shop = new Shop();
  private final Map<Object, Object> published = new HashMap<>();

  @Test
  void closesTheEnginesOfATest() {
    var own = new TestEngines();
    var one = own.of(shop.orders);
    var two = own.start(TestEngine.builder(shop.orders));

    own.afterEach(after(null));

    assertThatThrownBy(one::settle).hasMessage("the engine is closed");
    assertThatThrownBy(two::settle).hasMessage("the engine is closed");
    assertThat(published).isEmpty();
  }

  @Test
  void worksAsAnExtension() {
    var engine = engines.of(shop.orders);
    var run = engine.start(shop.orders, "o-1", Shop.ORDER);

    engine.settle();

    assertThat(run.waitingAt()).containsExactly("cooling off");
  }

  @Test
  void addsWhatBecameOfTheRunsToAFailure() {
    var own = new TestEngines();
    var engine = own.of(shop.orders);
    engine.start(shop.orders, "o-1", Shop.ORDER);
    engine.settle();
    var failure = new AssertionError("expected something else");

    own.afterEach(after(failure));

    assertThat(failure.getSuppressed()).hasSize(1);
    assertThat(failure.getSuppressed()[0])
        .hasMessageStartingWith(
            "runs of this test:\nrun o-1 of orders: WAITING, waits at cooling off\n    start\n")
        .hasMessageContaining("    charge\n        payment = p1\n");
    assertThat(published).containsOnlyKeys("runs");
  }

  @Test
  void failsATestThatWasNotToldOfABadStep() {
    var g = Workflow.graph("carts", Cart.class);
    var spoil =
        g.step(
            "spoil",
            cart -> {
              cart.lines().clear();
              return cart;
            });
    g.start(spoil).path(spoil, g.end("over"));
    var carts = g.build();
    var own = new TestEngines();
    var engine = own.start(TestEngine.builder(carts).codec(Codec.references()));
    var run = engine.start(carts, "c-1", new Cart(new ArrayList<>(List.of("tv"))));
    engine.passUntil(() -> run.status().isFinal(), engine.now());

    assertThatThrownBy(() -> own.afterEach(after(null)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("node spoil, run c-1")
        .satisfies(error -> assertThat(error.getSuppressed()).hasSize(1));
  }

  /// The context of a test that has ended.
  private ExtensionContext after(@Nullable Throwable failure) {
    return (ExtensionContext)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ExtensionContext.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getExecutionException" -> Optional.ofNullable(failure);
                  case "publishReportEntry" -> published.put(arguments[0], arguments[1]);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
