package dev.pawl.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimetableTest {
  @ParameterizedTest
  @CsvSource({
    "PT10M, 2030-01-01T00:00:00Z, 2030-01-01T00:10:00Z",
    "PT10M, 2030-01-01T00:09:59.999999Z, 2030-01-01T00:10:00Z",
    "PT10M, 1969-12-31T23:55:00Z, 1970-01-01T00:00:00Z",
    "PT24H, 2030-01-01T00:00:00.001Z, 2030-01-02T00:00:00Z",
    "PT0.25S, 2030-01-01T00:00:00.250Z, 2030-01-01T00:00:00.500Z",
  })
  void comesAtEqualIntervalsSince1970(Duration interval, Instant after, Instant next) {
    assertThat(Timetable.every(interval).next(after)).contains(next);
  }

  @Test
  void beginsWithTheTimeThatItIsGiven() {
    var from = Instant.parse("2030-01-01T00:00:07Z");
    var timetable = Timetable.every(Duration.ofMinutes(1), from);

    assertThat(timetable.next(Instant.EPOCH)).contains(from);
    assertThat(timetable.next(from.minusNanos(1))).contains(from);
    assertThat(timetable.next(from)).contains(from.plusSeconds(60));
    assertThat(timetable.next(from.plusSeconds(61))).contains(from.plusSeconds(120));
  }

  @Test
  void endsWhereTimeEnds() {
    assertThat(Timetable.every(Duration.ofDays(1)).next(Instant.MAX)).isEmpty();
    assertThat(Timetable.every(Duration.ofMillis(1)).next(Instant.MAX)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"every PT10M", "every PT0.001S", "every PT1H from 2030-01-01T00:00:07Z"})
  void isReadAgainFromItsText(String text) {
    var timetable = Timetable.read(text);

    assertThat(timetable.text()).isEqualTo(text);
    assertThat(Timetable.read(timetable.text())).isEqualTo(timetable);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.0001S"})
  void refusesAnIntervalThatIsNotWholeMilliseconds(Duration interval) {
    assertThatThrownBy(() -> Timetable.every(interval))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not " + interval);
  }

  @Test
  void refusesABeginningBetweenMilliseconds() {
    var from = Instant.EPOCH.plusNanos(1);

    assertThatThrownBy(() -> Timetable.every(Duration.ofSeconds(1), from))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not at " + from);
  }

  @ParameterizedTest
  @ValueSource(strings = {"every", "every x", "every PT1M from", "every PT1M from noon"})
  void refusesATextThatIsNoInterval(String text) {
    assertThatThrownBy(() -> Timetable.read(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesATextThatNothingReads() {
    assertThatThrownBy(() -> Timetable.read("cron 0 2 * * * UTC"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"cron 0 2 * * * UTC\"")
        .hasMessageContaining("pawl-cron");
  }
}
