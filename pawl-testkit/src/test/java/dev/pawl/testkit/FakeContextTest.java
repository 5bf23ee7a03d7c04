package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.testkit.turns.Scheduler;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Outcome;
import dev.pawl.workflow.step.StepContext;
import dev.pawl.workflow.step.TypeRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FakeContextTest {
  private record Parcel(List<String> labels, String note) {}

  private enum Way {
    LAND,
    SEA
  }

  private final List<String> calls = new ArrayList<>();

  private Parcel label(Parcel parcel, StepContext ctx) throws Exception {
    var label = ctx.once("label", String.class, () -> called("label " + ctx.attempt()));
    ctx.once("tell", () -> called("tell"));
    if (ctx.attempt() == 1) {
      throw new IllegalStateException("the printer burns");
    }
    return new Parcel(List.of(label), ctx.key() + ctx.headers() + ctx.now());
  }

  private String called(String what) {
    calls.add(what);
    return what;
  }

  @Test
  void saysWhatTheTestSets() {
    var noon = Instant.parse("2031-05-01T12:00:00Z");
    var ctx =
        FakeContext.at("label").key("p-1").attempt(3).headers(Map.of("tenant", "t")).now(noon);

    assertThat(ctx.node()).isEqualTo("label");
    assertThat(ctx.key()).isEqualTo("p-1");
    assertThat(ctx.attempt()).isEqualTo(3);
    assertThat(ctx.headers()).containsExactly(Map.entry("tenant", "t"));
    assertThat(ctx.now()).isEqualTo(noon);
    assertThat(ctx.deadline()).isEqualTo(noon.plus(Duration.ofMinutes(5)));
    assertThat(ctx.deadline(noon).deadline()).isEqualTo(noon);
    assertThat(ctx.seed(7).random().nextLong())
        .isEqualTo(FakeContext.at("other").seed(7).random().nextLong());
    assertThat(FakeContext.at("label").now()).isEqualTo(Scheduler.START);
    assertThatThrownBy(() -> ctx.attempt(0)).hasMessageContaining("from 1 on");
  }

  @Test
  void givesALaterAttemptWhatAnEarlierOneRecorded() throws Exception {
    var ctx = FakeContext.at("label").key("p-1");
    var parcel = new Parcel(List.of(), "");

    assertThatThrownBy(() -> label(parcel, ctx)).hasMessage("the printer burns");
    var after = label(parcel, ctx.attempt(2));

    assertThat(calls).containsExactly("label 1", "tell");
    assertThat(after.labels()).containsExactly("label 1");
    assertThat(ctx.recorded())
        .containsExactly(Map.entry("label", "label 1"), Map.entry("tell", true));
  }

  @Test
  void refusesANameThatIsUsedTwiceInAnAttempt() throws Exception {
    var ctx = FakeContext.at("label");
    ctx.once("label", String.class, () -> "a");

    assertThatThrownBy(() -> ctx.once("label", String.class, () -> "b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("once(\"label\") was called before in this attempt of label");
  }

  @Test
  void recordsNothingWhenTheActionFails() throws Exception {
    var ctx = FakeContext.at("label");

    assertThatThrownBy(() ->
            ctx.once(
                "label",
                String.class,
                () -> {
                  throw new IllegalStateException("no");
                }))
        .hasMessage("no");

    assertThat(ctx.attempt(2).once("label", String.class, () -> "b")).isEqualTo("b");
  }

  @Test
  void remembersValuesOfGenericTypesAsTheyAreStored() throws Exception {
    var ctx = FakeContext.at("label");
    var type = new TypeRef<List<Integer>>() {};
    ctx.once("numbers", type, () -> new ArrayList<>(List.of(1, 2)));

    var again = ctx.attempt(1).once("numbers", type, () -> List.of(3));

    assertThat(again).containsExactly(1, 2);
    assertThatThrownBy(() -> again.add(3)).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void keepsItsIdempotencyKeyWithinAVisit() throws Exception {
    var ctx = FakeContext.at("charge").key("o-1");
    var first = ctx.idempotencyKey();
    ctx.once("pay", String.class, () -> "p1");

    assertThat(ctx.attempt(2).idempotencyKey()).isEqualTo(first);

    ctx.nextVisit();
    assertThat(ctx.idempotencyKey()).isNotEqualTo(first);
    assertThat(ctx.attempt()).isEqualTo(1);
    assertThat(ctx.recorded()).isEmpty();
  }

  @Test
  void runsTheStepOfAWorkflow() throws Exception {
    var g = Workflow.graph("parcels", Parcel.class);
    var label = g.step("label", this::label);
    var way =
        g.choice(
            "way",
            Way.class,
            (parcel, ctx) -> Outcome.to(Way.SEA, new Parcel(parcel.labels(), "by sea")));
    var spoil =
        g.step(
            "spoil",
            parcel -> {
              parcel.labels().clear();
              return parcel;
            });
    var end = g.end("over");
    g.start(label).path(label, spoil, way);
    way.on(Way.LAND, end).on(Way.SEA, end);
    var parcels = g.build();
    var parcel = new Parcel(new ArrayList<>(List.of("old")), "");

    assertThat(FakeContext.at("label").attempt(2).run(parcels, parcel).labels())
        .containsExactly("label 2");
    assertThat(FakeContext.at("way").run(parcels, parcel).note()).isEqualTo("by sea");
    assertThatThrownBy(() -> FakeContext.at("spoil").key("p-1").run(parcels, parcel))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("workflow parcels, node spoil, run p-1: the step has changed its")
        .hasMessageContaining("labels[0] was old and is gone");
    assertThatThrownBy(() -> FakeContext.at("lable").run(parcels, parcel))
        .hasMessageContaining("has no node lable; it has label, way, spoil, over");
    assertThatThrownBy(() -> FakeContext.at("over").run(parcels, parcel))
        .hasMessageContaining("runs no step");
  }
}
