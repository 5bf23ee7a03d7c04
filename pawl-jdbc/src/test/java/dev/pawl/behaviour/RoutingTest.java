package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.RunFailed;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Outcome;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class RoutingTest {
  private static final Field<Trail, Integer> COUNT = Field.of(Trail::count);

  private enum Size {
    SMALL,
    LARGE
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void passesTheStateFromStepToStep(Place place) throws Exception {
    var g = Workflow.graph("chain", Trail.class);
    var a = g.step("a", state -> state.mark("a"));
    var b = g.step("b", (state, ctx) -> state.mark(ctx.node()));
    var c = g.step("c", state -> state.mark("c"));
    g.start(a).path(a, b, c, g.end());

    var end = place.run(g.build(), Trail.EMPTY);

    assertThat(end.marks()).containsExactly("a", "b", "c");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void runsAStepOnAPartOfTheState(Place place) throws Exception {
    var g = Workflow.graph("part", Trail.class);
    var twice = g.step("twice", Trail::count, (count, ctx) -> 2 * count, COUNT);
    g.start(twice).path(twice, g.end());

    var end = place.run(g.build(), Trail.EMPTY.mark("kept").plus(21));

    assertThat(end).isEqualTo(Trail.EMPTY.mark("kept").plus(42));
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void takesTheFirstEdgeWhoseTestAccepts(Place place) throws Exception {
    var g = Workflow.graph("first", Trail.class);
    var a = g.step("a", state -> state.plus(1));
    var never = g.step("never", state -> state.mark("never"));
    var first = g.step("first", state -> state.mark("first"));
    var second = g.step("second", state -> state.mark("second"));
    var end = g.end();
    g.start(a).path(never, end).path(first, end).path(second, end);
    a.when("negative", state -> state.count() < 0, never)
        .when("positive", state -> state.count() > 0, first)
        .when("one", state -> state.count() == 1, second)
        .otherwise(never);

    assertThat(place.run(g.build(), Trail.EMPTY).marks()).containsExactly("first");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void takesTheOtherEdgeWhenNoTestAccepts(Place place) throws Exception {
    var g = Workflow.graph("otherwise", Trail.class);
    var a = g.step("a", state -> state);
    var large = g.step("large", state -> state.mark("large"));
    var other = g.step("other", state -> state.mark("other"));
    var end = g.end();
    g.start(a).path(large, end).path(other, end);
    a.when("large", state -> state.count() > 100, large).otherwise(other);

    assertThat(place.run(g.build(), Trail.EMPTY).marks()).containsExactly("other");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void failsWhereNoEdgeAccepts(Place place) {
    var g = Workflow.graph("stuck", Trail.class);
    var a = g.step("a", state -> state);
    a.when("large", state -> state.count() > 100, g.end());
    g.start(a);
    var workflow = g.build();

    assertThatThrownBy(() -> place.run(workflow, Trail.EMPTY))
        .isInstanceOf(RunFailed.class)
        .hasMessageContaining("no edge of a matches");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void failsTheNodeWhoseEdgeTestThrows(Place place) {
    var g = Workflow.graph("throws", Trail.class);
    var a = g.step("a", state -> state);
    var end = g.end();
    a.when("odd", state -> 1 / state.count() == 1, end).otherwise(end);
    g.start(a);
    var workflow = g.build();

    assertThatThrownBy(() -> place.run(workflow, Trail.EMPTY))
        .isInstanceOfSatisfying(RunFailed.class, e -> assertThat(e.node()).isEqualTo("a"))
        .hasMessageContaining("by zero");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void leavesAChoiceByThePortThatItsStepNames(Place place) throws Exception {
    var g = Workflow.graph("choice", Trail.class);
    var size =
        g.choice(
            "size",
            Size.class,
            (state, ctx) ->
                Outcome.to(state.count() > 9 ? Size.LARGE : Size.SMALL, state.mark("measured")));
    var small = g.step("small", state -> state.mark("small"));
    var large = g.step("large", state -> state.mark("large"));
    var end = g.end();
    g.start(size).path(small, end).path(large, end);
    size.on(Size.SMALL, small).on(Size.LARGE, large);
    var workflow = g.build();

    assertThat(place.run(workflow, Trail.EMPTY).marks()).containsExactly("measured", "small");
    assertThat(place.run(workflow, Trail.EMPTY.plus(10)).marks())
        .containsExactly("measured", "large");
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void goesRoundUntilTheTestOfTheLoopFails(Place place) throws Exception {
    var g = Workflow.graph("loop", Trail.class);
    var a = g.step("a", state -> state.plus(1));
    var b = g.step("b", state -> state.mark("b"));
    g.start(a).path(a, b);
    b.when("again", state -> state.count() < 5, a).otherwise(g.end());

    var end = place.run(g.build(), Trail.EMPTY);

    assertThat(end.count()).isEqualTo(5);
    assertThat(end.marks()).hasSize(5);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void repeatsANodeByAnEdgeToItself(Place place) throws Exception {
    var g = Workflow.graph("self", Trail.class);
    var a = g.step("a", state -> state.plus(1));
    a.when("again", state -> state.count() < 100, a).otherwise(g.end());
    g.start(a);

    assertThat(place.run(g.build(), Trail.EMPTY).count()).isEqualTo(100);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void keepsStatesWhoseComponentsAreNull(Place place) throws Exception {
    record Draft(String text, Integer stars) {}
    var g = Workflow.graph("nulls", Draft.class);
    var a = g.step("a", draft -> new Draft(null, 3));
    var b = g.step("b", draft -> new Draft(draft.text(), null));
    g.start(a).path(a, b, g.end());

    assertThat(place.run(g.build(), new Draft("text", null))).isEqualTo(new Draft(null, null));
  }
}
