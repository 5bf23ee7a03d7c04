package dev.pawl.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Random expressions, held against somebody who looks at a clock on the wall every minute: a time
/// has come when the clock shows it, or something later, for the first time.
class RandomCronTest {
  private static final List<String> ZONES =
      List.of(
          "Europe/Berlin",
          "America/New_York",
          "Australia/Lord_Howe", // half an hour
          "America/St_Johns",
          "Asia/Kathmandu",
          "UTC");
  private static final Duration SPAN = Duration.ofDays(400);

  @Test
  void agreesWithAClockOnTheWall() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("random cron expressions: -Dseed=" + seed);
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 30; i++) {
      var wall = new Wall(random);

      assertThat(times(wall)).as(wall.cron.text()).isEqualTo(wall.times());
    }
  }

  private static List<Instant> times(Wall wall) {
    var times = new ArrayList<Instant>();
    var time = wall.cron.next(wall.from);
    while (time.isPresent() && !time.get().isAfter(wall.from.plus(SPAN))) {
      times.add(time.get());
      time = wall.cron.next(time.get());
    }
    return times;
  }

  /// An expression, and what it means.
  private static final class Wall {
    final Cron cron;
    final Instant from;
    private final ZoneId zone;
    private final Field minute;
    private final Field hour;
    private final Field day;
    private final Field month;
    private final Field weekday;

    Wall(SplittableRandom random) {
      minute = new Field(random, 0, 59, 59);
      hour = new Field(random, 0, 23, 23);
      day = new Field(random, 1, 28, 31);
      month = new Field(random, 1, 12, 12);
      weekday = new Field(random, 0, 6, 6);
      zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
      from = Instant.ofEpochSecond(random.nextLong(1_700_000_000L / 60, 4_000_000_000L / 60) * 60);
      cron =
          Cron.of(
              String.join(" ", minute.text, hour.text, day.text, month.text, weekday.text), zone);
    }

    List<Instant> times() {
      var times = new ArrayList<Instant>();
      var shown = LocalDateTime.ofInstant(from, zone);
      for (var time = from; time.isBefore(from.plus(SPAN)); ) {
        time = time.plusSeconds(60);
        var shows = LocalDateTime.ofInstant(time, zone);
        boolean comes = false;
        while (shown.isBefore(shows)) {
          shown = shown.plusMinutes(1);
          comes |= allows(shown);
        }
        if (comes) {
          times.add(time);
        }
      }
      return times;
    }

    private boolean allows(LocalDateTime time) {
      boolean isDay = day.values.get(time.getDayOfMonth());
      boolean isWeekday = weekday.values.get(time.getDayOfWeek().getValue() % 7);
      boolean either = !day.text.startsWith("*") && !weekday.text.startsWith("*");
      return minute.values.get(time.getMinute())
          && hour.values.get(time.getHour())
          && month.values.get(time.getMonthValue())
          && (either ? isDay || isWeekday : isDay && isWeekday);
    }
  }

  private static final class Field {
    final String text;
    final BitSet values = new BitSet();

    /// @param to the last value that each month has
    /// @param last the last that there is
    Field(SplittableRandom random, int from, int to, int last) {
      int a = random.nextInt(from, to + 1);
      int b = random.nextInt(a, to + 1);
      int step = random.nextInt(1, to - from + 1);
      text =
          switch (random.nextInt(5)) {
            case 0 -> values(from, last, 1, "*");
            case 1 -> values(a, a, 1, "" + a);
            case 2 -> values(a, b, 1, a + "-" + b);
            case 3 -> values(a, b, step, a + "-" + b + "/" + step);
            default -> values(a, a, 1, a + ",") + values(b, b, 1, "" + b);
          };
    }

    private String values(int from, int to, int step, String text) {
      for (int value = from; value <= to; value += step) {
        values.set(value);
      }
      return text;
    }
  }
}
