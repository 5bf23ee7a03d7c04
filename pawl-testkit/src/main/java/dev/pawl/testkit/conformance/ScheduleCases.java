package dev.pawl.testkit.conformance;

import static dev.pawl.testkit.conformance.StoreFixture.NOW;
import static dev.pawl.testkit.conformance.StoreFixture.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.store.ScheduleRow;
import dev.pawl.store.ScheduleRow.Backfill;
import dev.pawl.store.ScheduleRow.Overlap;
import dev.pawl.store.ScheduleRow.State;
import dev.pawl.store.StoreException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// How schedules are kept.
interface ScheduleCases {
  /// The store of this test.
  StoreFixture fixture();

  /// A schedule in which nothing is left out.
  static ScheduleRow schedule(String name) {
    return new ScheduleRow(
        name,
        StoreFixture.WORKFLOW,
        "every PT10M",
        Overlap.QUEUE,
        Duration.ofMinutes(1),
        Duration.ofMillis(1),
        new State(
            NOW,
            Optional.of("down"),
            Optional.of(NOW.plusSeconds(1)),
            Optional.of(new Backfill(NOW.minusSeconds(2), NOW.minusSeconds(1))),
            Optional.of(id(1))));
  }

  private void write(List<ScheduleRow> rows, String... removed) {
    fixture().writer().writeSchedules(rows, List.of(removed));
  }

  @Test
  default void knowsNoScheduleAtFirst() {
    assertThat(fixture().store().schedules()).isEmpty();
  }

  @Test
  default void keepsSchedulesInTheOrderOfTheirNames() {
    var bare = schedule("b").with(State.since(NOW));

    write(List.of(schedule("c"), schedule("a")));
    write(List.of(bare));

    assertThat(fixture().store().schedules()).containsExactly(schedule("a"), bare, schedule("c"));
  }

  @Test
  default void keepsEachAnswerToARunThatIsOpen() {
    for (var overlap : Overlap.values()) {
      var row =
          new ScheduleRow(
              "s", "w", "t", overlap, Duration.ofDays(1), Duration.ZERO, State.since(NOW));

      write(List.of(row));

      assertThat(fixture().store().schedules()).containsExactly(row);
    }
  }

  @Test
  default void replacesAScheduleOfTheSameName() {
    write(List.of(schedule("a"), schedule("b")));
    var resumed = schedule("a").state().paused(Optional.empty()).settled(NOW.plusSeconds(9));

    write(List.of(schedule("a").with(resumed)));

    assertThat(fixture().store().schedules())
        .containsExactly(schedule("a").with(resumed), schedule("b"));
  }

  @Test
  default void removesSchedulesWhereTheyAre() {
    write(List.of(schedule("a"), schedule("b")));

    write(List.of(schedule("c")), "a", "unknown");
    write(List.of(schedule("c")), "a", "unknown");

    assertThat(fixture().store().schedules()).containsExactly(schedule("b"), schedule("c"));
  }

  @Test
  default void takesNoScheduleFromAWriterThatWasReplaced() {
    write(List.of(schedule("a")));
    var old = fixture().writer();
    old.close();
    fixture().replace(fixture().store().writer());

    WriterCases.assertRefused(
        () -> old.writeSchedules(List.of(schedule("b")), List.of("a")), Kind.FENCED, Kind.CLOSED);

    assertThat(fixture().store().schedules()).containsExactly(schedule("a"));
  }
}
