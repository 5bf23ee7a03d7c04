package dev.pawl.engine.inline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.Engine;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Reducer;
import dev.pawl.workflow.step.Step;
import dev.pawl.workflow.step.StepContext;
import dev.pawl.workflow.step.TypeRef;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the steps of an inline run learn from their context.
final class InlineContextTest {
  private static final Policy THREE = Policy.retry(Duration.ofMillis(5), 3);
  private final Engine engine = Engine.inline(new FakeTurns());

  @Test
  void knowsTheWorkflowTheNodeAndNoHeaders() throws InterruptedException {
    var seen = of((s, ctx) -> list(ctx.key(), ctx.node(), ctx.attempt(), ctx.headers()));

    assertThat(engine.run(seen, StringList.EMPTY).items())
        .containsExactly("probe", "step", "1", "{}");
  }

  @Test
  void readsTheEnginesClock() throws InterruptedException {
    var seen = of((s, ctx) -> list(ctx.now(), ctx.deadline()));

    assertThat(engine.run(seen, StringList.EMPTY).items())
        .containsExactly(FakeTurns.START.toString(), Instant.MAX.toString());
  }

  @Test
  void givesOneIdempotencyKeyToAllAttemptsOfAVisit() throws InterruptedException {
    var keys = new ArrayList<String>();
    var g = Workflow.graph("keys", Integer.class);
    var step =
        g.step(
                "pay",
                (Integer n, StepContext ctx) -> {
                  keys.add(ctx.idempotencyKey());
                  if (ctx.attempt() < 3) {
                    throw new IOException("down");
                  }
                  return n + 1;
                })
            .with(THREE);
    g.start(step).path(step, g.end());
    step.when("again", n -> n < 2, step);

    engine.run(g.build(), 0);

    assertThat(keys).hasSize(6);
    assertThat(keys.subList(0, 3)).containsOnly(keys.getFirst());
    assertThat(keys.subList(3, 6)).containsOnly(keys.getLast());
    assertThat(keys.getFirst()).matches("[0-9a-f-]{36}::pay:1");
    assertThat(keys.getLast()).isEqualTo(keys.getFirst().replace(":1", ":2"));
  }

  @Test
  void givesEachRunKeysOfItsOwn() throws InterruptedException {
    var workflow = of((s, ctx) -> list(ctx.idempotencyKey()));

    assertThat(engine.run(workflow, StringList.EMPTY))
        .isNotEqualTo(engine.run(workflow, StringList.EMPTY));
  }

  @Test
  void namesTheBranchInItsKeys() throws InterruptedException {
    var g = Workflow.graph("branches", StringList.class);
    var first = g.step("first", s -> s);
    var fork = g.step("fork", s -> s).pure();
    var left = g.step("left", (StringList s, StepContext ctx) -> s.plus(tail(ctx)));
    var right = g.step("right", (StringList s, StepContext ctx) -> s.plus(tail(ctx)));
    var join = g.join("join", Join.ALL);
    var after = g.step("after", (StringList s, StepContext ctx) -> s.plus(tail(ctx)));
    g.start(first).path(first, fork).path(left, join).path(right, join);
    g.path(join, after, g.end()).merge(StringList.ITEMS, Reducer.append());
    fork.fork(left, right);

    assertThat(engine.run(g.build(), StringList.EMPTY).items())
        .containsExactly("/2.0:left:1", "/2.1:right:1", ":after:4");
  }

  @Test
  void namesItemsByTheirKeyOrElseTheirPlace() throws InterruptedException {
    assertThat(itemKeys(false)).containsExactly("/1.0:items/each:1", "/1.1:items/each:1");
    assertThat(itemKeys(true)).containsExactly("/1.key-a:items/each:1", "/1.key-b:items/each:1");
  }

  private List<String> itemKeys(boolean keyed) throws InterruptedException {
    var g = Workflow.graph("map", StringList.class);
    var items =
        g.map(
                "items",
                StringList::items,
                String.class,
                (String item, StepContext ctx) -> tail(ctx),
                (s, results) -> new StringList(results.values()))
            .pure();
    if (keyed) {
      items.key(item -> "key-" + item);
    }
    g.start(items).path(items, g.end());
    return engine.run(g.build(), new StringList(List.of("a", "b"))).items();
  }

  private static String tail(StepContext ctx) {
    return ctx.idempotencyKey().substring(ctx.idempotencyKey().indexOf(':') + 1);
  }

  @Test
  void runsAnActionOnceAVisit() throws InterruptedException {
    var done = new ArrayList<String>();
    var g = Workflow.graph("once", StringList.class);
    var step =
        g.step(
                "step",
                (StringList s, StepContext ctx) -> {
                  ctx.once("effect", () -> done.add("effect"));
                  var one = ctx.once("one", String.class, () -> "one of " + ctx.attempt());
                  var two =
                      ctx.once(
                          "two", new TypeRef<List<String>>() {}, () -> List.of("" + ctx.attempt()));
                  if (ctx.attempt() < 3) {
                    throw new IOException("down");
                  }
                  return s.plus(one).plus(two.getFirst());
                })
            .with(THREE);
    g.start(step).path(step, g.end());
    step.when("again", s -> s.items().size() < 4, step);

    var end = engine.run(g.build(), StringList.EMPTY);

    assertThat(end.items()).containsExactly("one of 1", "1", "one of 1", "1");
    assertThat(done).hasSize(2);
  }

  @Test
  void repeatsAnActionThatThrew() throws InterruptedException {
    var g = Workflow.graph("once", Integer.class);
    var step =
        g.step(
                "step",
                (Integer n, StepContext ctx) ->
                    ctx.once(
                        "try",
                        Integer.class,
                        () -> {
                          if (ctx.attempt() < 3) {
                            throw new IOException("down");
                          }
                          return ctx.attempt();
                        }))
            .with(THREE);
    g.start(step).path(step, g.end());

    assertThat(engine.run(g.build(), 0)).isEqualTo(3);
  }

  @Test
  void refusesANameThatIsUsedTwiceInOneAttempt() {
    var workflow =
        of((s, ctx) -> {
          ctx.once("name", () -> {});
          ctx.once("name", () -> {});
          return s;
        });

    assertThatThrownBy(() -> engine.run(workflow, StringList.EMPTY))
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("step used once(name) twice");
  }

  @ParameterizedTest
  @MethodSource("uses")
  void isClosedWhenTheRunIsOver(Function<StepContext, Object> use) throws InterruptedException {
    var leaked = new ArrayList<StepContext>();
    var workflow =
        of((s, ctx) -> {
          leaked.add(ctx);
          return s;
        });

    engine.run(workflow, StringList.EMPTY);

    assertThatThrownBy(() -> use.apply(leaked.getFirst()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has ended");
  }

  static Stream<Function<StepContext, Object>> uses() {
    return Stream.of(
        StepContext::key,
        StepContext::node,
        StepContext::attempt,
        StepContext::now,
        StepContext::deadline,
        StepContext::random,
        StepContext::idempotencyKey,
        StepContext::headers,
        ctx -> once(ctx));
  }

  private static String once(StepContext ctx) {
    try {
      return ctx.once("late", String.class, () -> "done");
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Workflow<StringList> of(Step<StringList, StringList> body) {
    var g = Workflow.graph("probe", StringList.class);
    var step = g.step("step", body);
    g.start(step).path(step, g.end());
    return g.build();
  }

  private static StringList list(Object... items) {
    return new StringList(Stream.of(items).map(Object::toString).toList());
  }
}
