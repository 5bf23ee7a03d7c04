package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.pawl.engine.AwaitTimeout;
import dev.pawl.engine.SignalOptions;
import dev.pawl.engine.SignalRefused;
import dev.pawl.store.HistoryRow;
import dev.pawl.testkit.TestRun;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import dev.pawl.workflow.step.Signal;
import dev.pawl.workflow.step.Unhandled;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a machine does with a signal that its status does not handle.
@Timeout(60)
final class UnhandledSignalsTest {
  private static final Signal<String> NOTE = Signal.of("note", String.class);
  private static final Signal<String> SHIP = Signal.of("ship", String.class);
  private static final Signal<String> SIGN = Signal.of("sign", String.class);
  private static final Duration DAY = Duration.ofDays(1);

  sealed interface Parcel {
    record Packed(String text) implements Parcel {}

    record Paid(String text) implements Parcel {}

    record Shipped(String text) implements Parcel {}

    record Signed(String text) implements Parcel {}
  }

  @TempDir private Path directory;

  private static Workflow<Parcel> parcels(Unhandled unhandled) {
    return Workflow.machine("parcel", Parcel.class)
        .unhandled(unhandled)
        .on(Parcel.Packed.class, Parcel.Paid.class, (packed, ctx) -> new Parcel.Paid(packed.text()))
        .update(Parcel.Paid.class, NOTE, (paid, note) -> new Parcel.Paid(paid.text() + note))
        .onSignal(
            Parcel.Paid.class,
            SHIP,
            Parcel.Shipped.class,
            (paid, by, ctx) -> new Parcel.Shipped(paid.text() + by))
        .onSignal(
            Parcel.Shipped.class,
            SIGN,
            Parcel.Signed.class,
            (shipped, by, ctx) -> new Parcel.Signed(shipped.text() + by))
        .with(Parcel.Paid.class, Policy.DEFAULT.retry(Retry.fixed(Duration.ofSeconds(1), 2)))
        .ends(Parcel.Signed.class)
        .build();
  }

  private static List<HistoryRow> dropped(TestRun<?> run) {
    return run.history(0, 1_000).stream()
        .filter(row -> row.kind() == HistoryRow.Kind.DROPPED)
        .toList();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areKeptUnlessSomethingElseIsSaid(Place place) {
    var parcels = parcels(Unhandled.KEEP);
    try (var engine = place.inVirtualTime(directory, parcels)) {
      var run = engine.start(parcels, "p", new Parcel.Paid(""));
      engine.settle();

      run.signal(SIGN, "!");
      run.signal(SHIP, "ups");
      engine.settle();

      assertThat(run.state()).isEqualTo(new Parcel.Signed("ups!"));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areDroppedWithATrace(Place place) {
    var parcels = parcels(Unhandled.DROP);
    try (var engine = place.inVirtualTime(directory, parcels)) {
      var run = engine.start(parcels, "p", new Parcel.Paid(""));
      engine.settle();
      engine.restart();

      run.signal(SIGN, "!", SignalOptions.DEFAULT.id("m-1"));
      engine.restart();
      run.signal(SHIP, "ups");
      engine.settle();

      assertThat(run.state()).isEqualTo(new Parcel.Shipped("ups"));
      assertThat(dropped(run))
          .singleElement()
          .satisfies(row -> {
            assertThat(row.node()).isEqualTo("Paid");
            assertThat(row.port()).isEqualTo("sign");
            assertThat(row.message()).isEqualTo(Optional.of("m-1"));
          });
      assertThatThrownBy(() -> run.update(SIGN, "!", SignalOptions.DEFAULT.id("m-1"), DAY))
          .isInstanceOf(SignalRefused.class)
          .hasMessage("run p refuses signal sign at Paid, which does not wait for it");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areRefusedAndLeaveNoTrace(Place place) {
    var parcels = parcels(Unhandled.REFUSE);
    var once = SignalOptions.DEFAULT.id("m-1");
    try (var engine = place.inVirtualTime(directory, parcels)) {
      var run = engine.start(parcels, "p", new Parcel.Paid(""));
      engine.settle();
      var rows = run.history(0, 1_000).size();

      var refused = catchThrowableOfType(SignalRefused.class, () -> run.signal(SIGN, "!", once));
      assertThat(refused)
          .hasMessage("run p refuses signal sign at Paid, which does not wait for it");
      assertThat(refused.node()).isEqualTo("Paid");
      assertThatThrownBy(() -> run.update(SIGN, "!", once, DAY)).isInstanceOf(SignalRefused.class);

      engine.restart();
      assertThat(run.history(0, 1_000)).hasSize(rows);
      run.signal(SHIP, "ups");
      engine.settle();
      run.signal(SIGN, "!", once);
      engine.settle();
      assertThat(run.state()).isEqualTo(new Parcel.Signed("ups!"));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areDroppedWhenTheRunMovesOnBeforeItHandlesThem(Place place) {
    var parcels = parcels(Unhandled.REFUSE);
    try (var engine = place.inVirtualTime(directory, parcels)) {
      engine.at("Paid").fails(1, () -> new IOException("no pen"));
      var run = engine.start(parcels, "p", new Parcel.Paid(""));
      run.signal(SHIP, "ups");
      run.signal(NOTE, "late");
      engine.restart();
      assertThat(dropped(run)).isEmpty();

      engine.settle();

      assertThat(run.state()).isEqualTo(new Parcel.Shipped("ups"));
      assertThat(dropped(run))
          .extracting(HistoryRow::node, HistoryRow::port)
          .containsExactly(tuple("Shipped", "note"));
      engine.restart();
      assertThat(run.status()).isEqualTo(RunStatus.WAITING);
      run.signal(SIGN, "!");
      engine.settle();
      assertThat(run.state()).isEqualTo(new Parcel.Signed("ups!"));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areDecidedByTheStatusAlsoWhileItsStepRuns(Place place) {
    var parcels = parcels(Unhandled.DROP);
    try (var engine = place.inVirtualTime(directory, parcels)) {
      engine.at("Packed").takes(Duration.ofMinutes(2));
      var run = engine.start(parcels, "p", new Parcel.Packed(""));
      run.signal(SHIP, "sent before its status is known");
      engine.advance(Duration.ofMinutes(1));

      run.signal(NOTE, "early");
      engine.settle();

      assertThat(run.waitingAt()).containsExactly("Paid");
      assertThat(dropped(run))
          .extracting(HistoryRow::node, HistoryRow::port)
          .containsExactly(tuple("Packed", "ship"), tuple("Packed", "note"));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areHandledThoughTheyComeBeforeTheRunHasFoundItsFirstStatus(Place place) {
    var parcels = parcels(Unhandled.DROP);
    try (var engine = place.inVirtualTime(directory, parcels)) {
      var run = engine.start(parcels, "p", new Parcel.Paid(""));
      run.signal(NOTE, "at once");
      engine.settle();

      assertThat(run.state()).isEqualTo(new Parcel.Paid("at once"));
      assertThat(dropped(run)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areNotDroppedWhenTheirSenderWaits(Place place) throws Exception {
    var parcels = parcels(Unhandled.DROP);
    try (var engine = place.inVirtualTime(directory, parcels)) {
      engine.at("Packed").takes(Duration.ofMinutes(2));
      var run = engine.start(parcels, "p", new Parcel.Packed(""));
      engine.advance(Duration.ofMinutes(1));

      assertThat(run.update(NOTE, "later", DAY)).isEqualTo(new Parcel.Paid("later"));
      assertThatThrownBy(() -> run.update(SIGN, "!", DAY)).isInstanceOf(AwaitTimeout.class);
      assertThat(dropped(run)).isEmpty();
    }
  }

  enum Light {
    RED,
    GREEN,
    OFF
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areRefusedByMachinesOverAnEnumToo(Place place) {
    var lights =
        Workflow.machine("light", Light.class, Light.class, light -> light)
            .unhandled(Unhandled.REFUSE)
            .onSignal(Light.RED, SHIP, (light, x, ctx) -> Light.GREEN, Light.GREEN)
            .onSignal(Light.GREEN, SIGN, (light, x, ctx) -> Light.OFF, Light.OFF)
            .ends(Light.OFF)
            .build();
    try (var engine = place.inVirtualTime(directory, lights)) {
      var run = engine.start(lights, "l", Light.RED);
      engine.settle();

      assertThatThrownBy(() -> run.signal(SIGN, ""))
          .isInstanceOf(SignalRefused.class)
          .hasMessageContaining("at RED");
    }
  }
}
