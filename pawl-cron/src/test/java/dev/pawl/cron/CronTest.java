package dev.pawl.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.schedule.Timetable;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /// The first times after a local one, as clocks in the zone show them.
  private static List<String> times(String expression, ZoneId zone, String after, int count) {
    var cron = Cron.of(expression, zone);
    var time = LocalDateTime.parse(after).atZone(zone).toInstant();
    var times = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      time = cron.next(time).orElseThrow();
      times.add(time.atZone(zone).toLocalDateTime().toString());
    }
    return times;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          * * * * *             | 2030-01-01T00:01, 2030-01-01T00:02
          0 2 * * *             | 2030-01-01T02:00, 2030-01-02T02:00
          */15 * * * *          | 2030-01-01T00:15, 2030-01-01T00:30, 2030-01-01T00:45, 2030-01-01T01:00
          5/20 * * * *          | 2030-01-01T00:05, 2030-01-01T00:25, 2030-01-01T00:45, 2030-01-01T01:05
          10-30/10 3 * * *      | 2030-01-01T03:10, 2030-01-01T03:20, 2030-01-01T03:30, 2030-01-02T03:10
          0 8-10 * * *          | 2030-01-01T08:00, 2030-01-01T09:00, 2030-01-01T10:00, 2030-01-02T08:00
          0,30 23 * * *         | 2030-01-01T23:00, 2030-01-01T23:30, 2030-01-02T23:00
          0 0 1,15 * *          | 2030-01-15T00:00, 2030-02-01T00:00
          0 0 31 * *            | 2030-01-31T00:00, 2030-03-31T00:00, 2030-05-31T00:00
          0 0 29 2 *            | 2032-02-29T00:00, 2036-02-29T00:00
          0 9 * * MON-FRI       | 2030-01-01T09:00, 2030-01-02T09:00, 2030-01-03T09:00, 2030-01-04T09:00, 2030-01-07T09:00
          0 9 * * sun           | 2030-01-06T09:00, 2030-01-13T09:00
          0 9 * * 0             | 2030-01-06T09:00
          0 9 * * 7             | 2030-01-06T09:00
          0 9 * * 5-7           | 2030-01-04T09:00, 2030-01-05T09:00, 2030-01-06T09:00, 2030-01-11T09:00
          0 0 1 JAN,Jul *       | 2030-07-01T00:00, 2031-01-01T00:00
          0 0 1 MAR-MAY/2 *     | 2030-03-01T00:00, 2030-05-01T00:00, 2031-03-01T00:00
          0 0 13 * FRI          | 2030-01-04T00:00, 2030-01-11T00:00, 2030-01-13T00:00
          0 0 */2 * TUE         | 2030-01-15T00:00, 2030-01-29T00:00
          */10 * * * * *        | 2030-01-01T00:00:10, 2030-01-01T00:00:20
          30 59 23 31 12 *      | 2030-12-31T23:59:30, 2031-12-31T23:59:30
          15-17 0 0 * * *       | 2030-01-01T00:00:15, 2030-01-01T00:00:16, 2030-01-01T00:00:17, 2030-01-02T00:00:15
          @yearly               | 2031-01-01T00:00
          @annually             | 2031-01-01T00:00
          @monthly              | 2030-02-01T00:00, 2030-03-01T00:00
          @weekly               | 2030-01-06T00:00, 2030-01-13T00:00
          @daily                | 2030-01-02T00:00
          @Midnight             | 2030-01-02T00:00
          @hourly               | 2030-01-01T01:00
          """)
  void givesTheTimesThatTheFieldsAllow(String expression, String expected) {
    var times = List.of(expected.split(", "));

    assertThat(times(expression, ZoneOffset.UTC, "2030-01-01T00:00", times.size()))
        .isEqualTo(times);
  }

  @Test
  void neverGivesTheTimeItself() {
    assertThat(times("0 2 * * *", BERLIN, "2030-01-01T02:00", 1))
        .containsExactly("2030-01-02T02:00");
    assertThat(times("0 2 * * *", BERLIN, "2030-01-01T01:59:59.999", 1))
        .containsExactly("2030-01-01T02:00");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Europe/Berlin    | 30 2 * * *   | 2030-03-30T12:00 | 2030-03-31T01:00:00Z, 2030-04-01T00:30:00Z
          Europe/Berlin    | 0 2 * * *    | 2030-03-30T12:00 | 2030-03-31T01:00:00Z, 2030-04-01T00:00:00Z
          Europe/Berlin    | 0 3 * * *    | 2030-03-30T12:00 | 2030-03-31T01:00:00Z, 2030-04-01T01:00:00Z
          Europe/Berlin    | */30 2,3 * * * | 2030-03-30T12:00 | 2030-03-31T01:00:00Z, 2030-03-31T01:30:00Z, 2030-04-01T00:00:00Z
          Europe/Berlin    | 30 2 * * *   | 2030-10-26T12:00 | 2030-10-27T00:30:00Z, 2030-10-28T01:30:00Z
          Europe/Berlin    | 0 3 * * *    | 2030-10-26T12:00 | 2030-10-27T02:00:00Z, 2030-10-28T02:00:00Z
          Europe/Berlin    | 30 * * * *   | 2030-10-27T01:00 | 2030-10-26T23:30:00Z, 2030-10-27T00:30:00Z, 2030-10-27T02:30:00Z
          America/New_York | 30 2 * * *   | 2030-03-09T12:00 | 2030-03-10T07:00:00Z, 2030-03-11T06:30:00Z
          America/New_York | 30 1 * * *   | 2030-11-02T12:00 | 2030-11-03T05:30:00Z, 2030-11-04T06:30:00Z
          America/New_York | 0 0 * * *    | 2030-11-02T12:00 | 2030-11-03T04:00:00Z, 2030-11-04T05:00:00Z
          """)
  void firesAtTheEndOfAGapAndInTheFirstHourOfAnOverlap(
      ZoneId zone, String expression, String after, String expected) {
    var cron = Cron.of(expression, zone);
    var time = LocalDateTime.parse(after).atZone(zone).toInstant();

    for (var instant : expected.split(", ")) {
      time = cron.next(time).orElseThrow();
      assertThat(time).isEqualTo(Instant.parse(instant));
    }
  }

  @Test
  void findsTheNextTimeAlsoFromWithinTheHourThatComesTwice() {
    var cron = Cron.of("* * * * * *", BERLIN);
    var second = Instant.parse("2030-10-27T01:15:00Z"); // 02:15 for the second time

    assertThat(cron.next(second)).contains(Instant.parse("2030-10-27T02:00:00Z"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          60 * * * *      | minute: 60
          * 24 * * *      | hour: 24
          * * 0 * *       | day of month: 0
          * * 32 * *      | day of month: 32
          * * * 13 *      | month: 13
          * * * FOO *     | month: FOO
          * * * * 8       | day of week: 8
          * * * * MO      | day of week: MO
          60 * * * * *    | second: 60
          30-10 * * * *   | minute: 30-10
          */0 * * * *     | minute: */0
          */-5 * * * *    | minute: */-5
          1- * * * *      | minute: 1-
          1, * * * *      | minute: 1,
          1,,2 * * * *    | minute: 1,,2
          , * * * *       | minute: ,
          / * * * *       | minute: /
          a/5 * * * *     | minute: A/5
          99999999999 * * * * | minute: 99999999999
          * * L * *       | day of month: L
          * * 15W * *     | day of month: 15W
          * * ? * *       | day of month: ?
          * * * * 1#2     | day of week: 1#2
          0 0 30 2 *      | day of month: {30} does not come in month {2}
          0 0 31 2,4,6 *  | day of month: {31} does not come in month {2, 4, 6}
          0 0 29 2 */7    | day of week: {0} does not come on day {29} of month {2}
          """)
  void refusesWhatItDoesNotUnderstandAndNamesTheField(String expression, String message) {
    assertThatThrownBy(() -> Cron.of(expression, ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*", "* * * *", "* * * * * * *", "@reboot", "@every 5m"})
  void refusesAnotherNumberOfFields(String expression) {
    assertThatThrownBy(() -> Cron.of(expression, ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cron \"" + expression + "\" has ")
        .hasMessageContaining("five (minute, hour, day of month, month, day of week)");
  }

  @Test
  void refusesTwoExpressionsInOne() {
    for (var two : List.of("1|2 * * * *", "0 0 1 * *||0 0 2 * *")) {
      assertThatThrownBy(() -> Cron.of(two, ZoneOffset.UTC))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void acceptsADayThatDoesNotComeWhereADayOfWeekDoes() {
    assertThat(times("0 0 30 2 MON", ZoneOffset.UTC, "2030-01-01T00:00", 2))
        .containsExactly("2030-02-04T00:00", "2030-02-11T00:00");
  }

  @Test
  void endsWithTheTimesThatCalendarsKnow() {
    var cron = Cron.of("@daily", BERLIN);

    assertThat(cron.next(Instant.parse("9999-06-01T00:00:00Z"))).isEmpty();
    assertThat(cron.next(Instant.MAX)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 2 * * MON-FRI", "@daily", "*/5 0 2 1,15 * *"})
  void isReadAgainFromItsText(String expression) {
    var cron = Cron.of(expression, BERLIN);

    assertThat(cron.text()).isEqualTo("cron " + expression + " Europe/Berlin");
    assertThat(Timetable.read(cron.text())).isEqualTo(cron).hasSameHashCodeAs(cron);
  }

  @Test
  void takesSpacesForOne() {
    assertThat(Cron.of("  0   2 *\t* * ", BERLIN)).isEqualTo(Cron.of("0 2 * * *", BERLIN));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cron 0 2 * * *", "cron", "cron x", "cron 0 2 * * * Nowhere/City"})
  void refusesATextWithoutATimeZone(String text) {
    assertThatThrownBy(() -> Timetable.read(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
