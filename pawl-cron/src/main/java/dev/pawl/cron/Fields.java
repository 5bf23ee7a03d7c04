package dev.pawl.cron;

import static java.util.Objects.requireNonNull;

import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.field.expression.And;
import com.cronutils.model.field.expression.Between;
import com.cronutils.model.field.expression.Every;
import com.cronutils.model.field.expression.FieldExpression;
import com.cronutils.model.field.expression.On;
import com.cronutils.model.field.value.FieldValue;
import com.cronutils.model.field.value.SpecialChar;
import com.cronutils.parser.CronParser;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the fields of an expression allow, without a time zone.
///
/// @param eitherDay whether a day need fit one of day of month and day of week only
record Fields(
    BitSet seconds,
    BitSet minutes,
    BitSet hours,
    BitSet days,
    BitSet months,
    BitSet weekdays,
    boolean eitherDay) {
  /// How long there may be no time.
  private static final int MOST_YEARS = 10;

  /// After so many years the days of the week come again on the same dates.
  private static final int CYCLE = 400;

  private static final int CYCLE_START = 2000;
  private static final int SUNDAY = 0;
  private static final int DAYS_A_WEEK = 7;

  private static final Map<String, String> WORDS =
      Map.of(
          "@YEARLY", "0 0 1 1 *",
          "@ANNUALLY", "0 0 1 1 *",
          "@MONTHLY", "0 0 1 * *",
          "@WEEKLY", "0 0 * * 0",
          "@DAILY", "0 0 * * *",
          "@MIDNIGHT", "0 0 * * *",
          "@HOURLY", "0 * * * *");

  /// A field of an expression, in their order.
  private enum Field {
    SECOND("second", CronFieldName.SECOND, 0, 59),
    MINUTE("minute", CronFieldName.MINUTE, 0, 59),
    HOUR("hour", CronFieldName.HOUR, 0, 23),
    DAY("day of month", CronFieldName.DAY_OF_MONTH, 1, 31),
    MONTH("month", CronFieldName.MONTH, 1, 12),
    WEEKDAY("day of week", CronFieldName.DAY_OF_WEEK, 0, 7);

    private final String title;
    private final CronFieldName name;
    private final int from;
    private final int to;

    Field(String title, CronFieldName name, int from, int to) {
      this.title = title;
      this.name = name;
      this.from = from;
      this.to = to;
    }
  }

  private static CronDefinition definition() {
    return CronDefinitionBuilder.defineCron()
        .withSeconds()
        .withValidRange(0, 59)
        .withStrictRange()
        .and()
        .withMinutes()
        .withValidRange(0, 59)
        .withStrictRange()
        .and()
        .withHours()
        .withValidRange(0, 23)
        .withStrictRange()
        .and()
        .withDayOfMonth()
        .withValidRange(1, 31)
        .withStrictRange()
        .and()
        .withMonth()
        .withValidRange(1, 12)
        .withStrictRange()
        .and()
        .withDayOfWeek()
        .withValidRange(0, 7)
        .withMondayDoWValue(1)
        .withIntMapping(7, 0)
        .withStrictRange()
        .and()
        .instance();
  }

  /// @throws IllegalArgumentException naming the field that is at fault
  static Fields parse(String expression) {
    var upper = expression.toUpperCase(Locale.ROOT);
    var words = new ArrayList<>(List.of(WORDS.getOrDefault(upper, upper).split(" ")));
    if (words.size() == Field.values().length - 1) {
      words.addFirst("0");
    }
    if (words.size() != Field.values().length) {
      throw new IllegalArgumentException(
          "cron \""
              + expression
              + "\" has "
              + words.size()
              + " fields; there are five (minute, hour, day of month, month, day of week), or six"
              + " with the second first, or one word of @yearly, @monthly, @weekly, @daily and"
              + " @hourly");
    }
    var sets = new ArrayList<BitSet>();
    for (var field : Field.values()) {
      sets.add(values(expression, field, words.get(field.ordinal())));
    }
    var weekdays = sets.get(Field.WEEKDAY.ordinal());
    if (weekdays.get(DAYS_A_WEEK)) {
      weekdays.set(SUNDAY);
      weekdays.clear(DAYS_A_WEEK);
    }
    boolean eitherDay =
        !words.get(Field.DAY.ordinal()).startsWith("*")
            && !words.get(Field.WEEKDAY.ordinal()).startsWith("*");
    var fields =
        new Fields(
            sets.get(0), sets.get(1), sets.get(2), sets.get(3), sets.get(4), weekdays, eitherDay);
    fields.check(expression);
    return fields;
  }

  /// The values of one field: it is parsed alone, so that an error can be told from those of
  /// others.
  private static BitSet values(String expression, Field field, String word) {
    var words = new String[Field.values().length];
    Arrays.fill(words, "*");
    words[field.ordinal()] = word;
    try {
      var parsed = new CronParser(definition()).parse(String.join(" ", words));
      var values = new BitSet();
      add(values, field, requireNonNull(parsed.retrieve(field.name)).getExpression());
      return values;
    } catch (RuntimeException e) { // whatever a parser throws at what people type
      throw refused(expression, field, word + " is not understood: " + reason(e), e);
    }
  }

  private static String reason(Throwable error) {
    var cause = error.getCause();
    return cause == null ? String.valueOf(error.getMessage()) : reason(cause);
  }

  private static IllegalArgumentException refused(
      String expression, Field field, String why, @Nullable RuntimeException cause) {
    return new IllegalArgumentException(
        "cron \"" + expression + "\": " + field.title + ": " + why, cause);
  }

  private static void add(BitSet values, Field field, FieldExpression expression) {
    switch (expression) {
      case Always always -> add(values, field, field.from, field.to, 1);
      case On on -> add(values, field, number(on), number(on), 1);
      case Between range -> add(values, field, number(range.getFrom()), number(range.getTo()), 1);
      case And list -> list.getExpressions().forEach(each -> add(values, field, each));
      case Every step -> addStep(values, field, step);
      default -> throw new IllegalArgumentException(expression.asString() + " is not supported");
    }
  }

  private static void addStep(BitSet values, Field field, Every step) {
    int by = step.getPeriod().getValue();
    switch (step.getExpression()) {
      case On on -> add(values, field, number(on), field.to, by);
      case Between range -> add(values, field, number(range.getFrom()), number(range.getTo()), by);
      default -> add(values, field, field.from, field.to, by);
    }
  }

  private static int number(On on) {
    if (on.getSpecialChar().getValue() != SpecialChar.NONE) {
      throw new IllegalArgumentException(on.getSpecialChar().getValue() + " is not supported");
    }
    return on.getTime().getValue();
  }

  private static int number(FieldValue<?> value) {
    if (value.getValue() instanceof Integer number) {
      return number;
    }
    throw new IllegalArgumentException(value + " is no number");
  }

  private static void add(BitSet values, Field field, int from, int to, int step) {
    if (from < field.from || to > field.to || from > to) {
      throw new IllegalArgumentException(
          from + " to " + to + " is not a range within " + field.from + " to " + field.to);
    }
    if (step < 1) {
      throw new IllegalArgumentException("a step is at least 1, not " + step);
    }
    for (int value = from; value <= to; value += step) {
      values.set(value);
    }
  }

  /// Checks that there are no ten years without a time.
  private void check(String expression) {
    if (eitherDay) {
      return; // there is one each week
    }
    if (leapYear().noneMatch(this::isDate)) {
      throw refused(
          expression,
          Field.DAY,
          days + " does not come in month " + months + " within " + MOST_YEARS + " years",
          null);
    }
    if (weekdays.cardinality() < DAYS_A_WEEK && longestGap() >= MOST_YEARS) {
      throw refused(
          expression,
          Field.WEEKDAY,
          weekdays
              + " does not come on day "
              + days
              + " of month "
              + months
              + " in some "
              + MOST_YEARS
              + " years",
          null);
    }
  }

  private static Stream<LocalDate> leapYear() {
    return LocalDate.of(CYCLE_START, 1, 1).datesUntil(LocalDate.of(CYCLE_START + 1, 1, 1));
  }

  private boolean isDate(LocalDate date) {
    return days.get(date.getDayOfMonth()) && months.get(date.getMonthValue());
  }

  private boolean isDay(LocalDate date) {
    boolean isWeekday = weekdays.get(date.getDayOfWeek().getValue() % DAYS_A_WEEK);
    boolean isDay = days.get(date.getDayOfMonth());
    return months.get(date.getMonthValue())
        && (eitherDay ? isDay || isWeekday : isDay && isWeekday);
  }

  /// The most years in a row without a day that fits.
  private int longestGap() {
    int longest = 0;
    int gap = 0;
    for (int year = CYCLE_START; year < CYCLE_START + 2 * CYCLE && longest < MOST_YEARS; year++) {
      boolean has =
          LocalDate.of(year, 1, 1).datesUntil(LocalDate.of(year + 1, 1, 1)).anyMatch(this::isDay);
      gap = has ? 0 : gap + 1;
      longest = Math.max(longest, gap);
    }
    return longest;
  }

  /// The first time after that one.
  LocalDateTime next(LocalDateTime time) {
    var from = time.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    var date = from.toLocalDate();
    if (isDay(date)) {
      var next = next(from.toLocalTime());
      if (next.isPresent()) {
        return date.atTime(next.get());
      }
    }
    do {
      var tomorrow = date.plusDays(1);
      date =
          months.get(tomorrow.getMonthValue())
              ? tomorrow
              : tomorrow.with(TemporalAdjusters.lastDayOfMonth());
    } while (!isDay(date));
    return date.atTime(first(hours.nextSetBit(0)));
  }

  /// The first time of day at or after that one.
  private Optional<LocalTime> next(LocalTime from) {
    if (hours.get(from.getHour())) {
      int minute = minutes.nextSetBit(from.getMinute());
      if (minute == from.getMinute()) {
        int second = seconds.nextSetBit(from.getSecond());
        if (second >= 0) {
          return Optional.of(LocalTime.of(from.getHour(), minute, second));
        }
        minute = minutes.nextSetBit(minute + 1);
      }
      if (minute >= 0) {
        return Optional.of(LocalTime.of(from.getHour(), minute, seconds.nextSetBit(0)));
      }
    }
    int hour = hours.nextSetBit(from.getHour() + 1);
    return hour < 0 ? Optional.empty() : Optional.of(first(hour));
  }

  private LocalTime first(int hour) {
    return LocalTime.of(hour, minutes.nextSetBit(0), seconds.nextSetBit(0));
  }
}
