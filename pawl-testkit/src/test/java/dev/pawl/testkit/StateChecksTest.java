package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.store.Codec;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StateChecksTest {
  private record Line(String sku, int quantity) {}

  private record Cart(String note, List<Line> lines) {}

  /// Trims what it is given, so what is read is not what was stored.
  private record Trimmed(String text, int shown) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Trimmed trimmed && text.equals(trimmed.text) && shown == 0;
    }

    @Override
    public int hashCode() {
      return text.hashCode();
    }
  }

  private static final Cart CART = new Cart("", List.of(new Line("tv", 1)));

  @Test
  void failsTheTestWhenAStepChangesItsInput() {
    var g = Workflow.graph("carts", Cart.class);
    var fill = g.step("fill", cart -> new Cart("full", new ArrayList<>(cart.lines())));
    var spoil =
        g.step(
            "spoil",
            cart -> {
              cart.lines().set(0, new Line("radio", 1));
              cart.lines().add(new Line("cable", 2));
              return cart;
            });
    g.start(fill).path(fill, spoil, g.end("over"));
    var carts = g.build();

    var engine = TestEngine.builder(carts).codec(Codec.references()).start();
    var run = engine.start(carts, "c-1", CART);

    assertThatThrownBy(engine::settle)
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            """
            workflow carts, node spoil, run c-1: the step has changed its input, which other \
            branches and attempts share; make a new state instead
                lines[0].sku was tv, is radio
                lines[1].sku was not there, is cable
                lines[1].quantity was not there, is 2\
            """);
    assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
    engine.close();
  }

  @Test
  void failsTheTestWhenAFoldChangesItsInput() {
    var g = Workflow.graph("carts", Cart.class);
    var fill = g.step("fill", cart -> new Cart("full", new ArrayList<>(cart.lines())));
    var both =
        g.parallel(
            "both",
            g.branch("one", String.class, (cart, ctx) -> "1"),
            g.branch("two", String.class, (cart, ctx) -> "2"),
            (cart, one, two) -> {
              cart.lines().clear();
              return cart;
            });
    g.start(fill).path(fill, both, g.end("over"));
    var carts = g.build();

    var engine = TestEngine.builder(carts).codec(Codec.references()).start();
    engine.start(carts, "c-1", CART);

    assertThatThrownBy(engine::settle)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("workflow carts, node both, run c-1: the step has")
        .hasMessageContaining("lines[0].sku was tv and is gone");
    engine.close();
  }

  @Test
  void failsTheTestWhenAStateIsAnotherAfterItWasStored() {
    var g = Workflow.graph("trimmed", Trimmed.class);
    var good = g.step("good", state -> new Trimmed(state.text(), 0));
    var bad = g.step("bad", state -> new Trimmed("text", 3)).with(Policy.DEFAULT);
    g.start(good).path(good, bad, g.end("over"));
    var trimmed = g.build();

    try (var engine = TestEngine.of(trimmed)) {
      engine.start(trimmed, "t-1", new Trimmed("text", 0));

      assertThatThrownBy(() -> engine.advance(Duration.ZERO))
          .isInstanceOf(AssertionError.class)
          .hasMessageStartingWith(
              "workflow trimmed, node bad, run t-1: the state is another one after it was stored")
          .hasMessageContaining("both look alike, but are not equal: does");
    }
  }

  @Test
  void namesTheComponentsThatDoNotSurvive() {
    var g = Workflow.graph("carts", Cart.class);
    var fill = g.step("fill", cart -> new Cart(null, cart.lines()));
    g.start(fill).path(fill, g.end("over"));
    var carts = g.build();

    try (var engine = TestEngine.builder(carts).codec(new Forgetful()).start()) {
      engine.start(carts, "c-1", CART);

      assertThatThrownBy(engine::settle)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("node fill, run c-1: the state is another one")
          .hasMessageContaining("note was null, is forgotten");
    }
  }

  @Test
  void failsTheTestAtTheLatestWhenTheEngineIsClosedAndSaysItOnce() {
    var g = Workflow.graph("carts", Cart.class);
    var fill = g.step("fill", cart -> new Cart("full", new ArrayList<>(cart.lines())));
    var spoil =
        g.step(
                "spoil",
                cart -> {
                  cart.lines().clear();
                  return cart;
                })
            .with(Policy.retry(Duration.ofSeconds(1), 2));
    var wait = g.delay("wait", cart -> Instant.MAX);
    g.start(fill).path(fill, spoil, wait, g.end("over"));
    var carts = g.build();

    var engine = TestEngine.builder(carts).codec(Codec.references()).start();
    var run = engine.start(carts, "c-1", CART);
    engine.passUntil(() -> run.path().size() == 2, engine.now());

    assertThatThrownBy(engine::close).isInstanceOf(AssertionError.class);
    engine.close();
  }

  @Test
  void failsTheTestWhenTheFirstStateDoesNotSurvive() {
    var g = Workflow.graph("carts", Cart.class);
    var look = g.step("look", cart -> cart);
    g.start(look).path(look, g.end("over"));
    var carts = g.build();

    try (var engine = TestEngine.builder(carts).codec(new Forgetful()).start()) {
      engine.start(carts, "c-1", new Cart(null, List.of()));

      assertThatThrownBy(engine::settle)
          .hasMessageContaining("workflow carts, node (the start), run c-1: the state is another");
    }
  }

  @Test
  void checksEachStateOnTheWayOfAGoodRunWithoutAWord() {
    var shop = new Shop();
    try (var engine = TestEngine.of(shop.orders)) {
      engine.start(shop.orders, "o-1", Shop.ORDER);
      engine.advance(Shop.COOLING_OFF);
    }
  }

  @Test
  void takesValuesApartToTheirLeaves() {
    record Nested(Map<String, List<Integer>> byName, Set<String> names, Line line) {}

    var leaves =
        Leaves.of(
            new Nested(
                Map.of("b", List.of(2, 3), "a", List.of()), Set.of("y\n", "x"), new Line("tv", 1)));

    assertThat(leaves.lines())
        .containsExactly(
            "byName[a] = []",
            "byName[b][0] = 2",
            "byName[b][1] = 3",
            "names[0] = x",
            "names[1] = y\\n",
            "line.sku = tv",
            "line.quantity = 1");
    assertThat(Leaves.of("text").lines()).containsExactly("= text");
  }
}
