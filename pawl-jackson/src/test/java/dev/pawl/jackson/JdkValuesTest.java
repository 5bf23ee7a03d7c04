package dev.pawl.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.type.TypeFactory;

/// Each value of the JDK that is no value of a problem comes back equal, in a component and as a
/// key.
class JdkValuesTest {
  private final JacksonCodec codec = new JacksonCodec();

  private static Arguments of(Class<?> type, Object value) {
    return Arguments.of(named(type.getSimpleName(), type), value);
  }

  static Stream<Arguments> keys() {
    return Stream.of(
        of(String.class, ""),
        of(String.class, "grüße 👍 \u0000 \"quoted\" \u2028"),
        of(String.class, "k".repeat(60_000)),
        of(Boolean.class, false),
        of(Character.class, 'ß'),
        of(Character.class, '\u0000'),
        of(Character.class, ' '),
        of(Byte.class, Byte.MIN_VALUE),
        of(Short.class, Short.MIN_VALUE),
        of(Integer.class, Integer.MIN_VALUE),
        of(Long.class, Long.MAX_VALUE),
        of(Float.class, Float.MIN_VALUE),
        of(Float.class, Float.NaN),
        of(Float.class, Float.NEGATIVE_INFINITY),
        of(Double.class, Math.nextUp(0.1)),
        of(Double.class, -0.0),
        of(Double.class, Double.NaN),
        of(Double.class, Double.POSITIVE_INFINITY),
        of(Double.class, Double.NEGATIVE_INFINITY),
        of(BigDecimal.class, new BigDecimal("10.00")),
        of(BigDecimal.class, new BigDecimal("1E+3")),
        of(BigDecimal.class, new BigDecimal("-1E-400")),
        of(BigDecimal.class, new BigDecimal("1." + "3".repeat(2_000))),
        of(BigInteger.class, BigInteger.TEN.pow(2_000)),
        of(UUID.class, new UUID(1, -2)),
        of(URI.class, URI.create("https://example.org/a?b=c%20d#e")),
        of(URI.class, URI.create("")),
        of(Currency.class, Currency.getInstance("CHF")),
        of(DayOfWeek.class, DayOfWeek.FRIDAY),
        of(Month.class, Month.MAY),
        of(Instant.class, Instant.MAX),
        of(Instant.class, Instant.MIN),
        of(Instant.class, Instant.parse("2026-01-02T03:04:05.678901234Z")),
        of(Duration.class, Duration.ofSeconds(Long.MIN_VALUE)),
        of(Duration.class, Duration.ofNanos(-1)),
        of(Period.class, Period.of(1, -2, 3)),
        of(Year.class, Year.of(-44)),
        of(YearMonth.class, YearMonth.of(2026, 2)),
        of(MonthDay.class, MonthDay.of(2, 29)),
        of(LocalDate.class, LocalDate.of(12_026, 2, 28)),
        of(LocalTime.class, LocalTime.of(23, 59, 59, 1)),
        of(LocalTime.class, LocalTime.MIDNIGHT),
        of(LocalDateTime.class, LocalDateTime.of(2026, 2, 28, 0, 0)),
        of(OffsetTime.class, OffsetTime.of(1, 2, 0, 0, ZoneOffset.ofHours(-3))),
        of(OffsetDateTime.class, OffsetDateTime.of(2026, 1, 1, 1, 2, 0, 7, ZoneOffset.ofHours(2))),
        of(
            ZonedDateTime.class,
            ZonedDateTime.of(2026, 10, 25, 2, 30, 0, 0, ZoneId.of("Europe/Paris"))),
        of(
            ZonedDateTime.class,
            ZonedDateTime.of(2026, 10, 25, 2, 30, 0, 0, ZoneId.of("Europe/Paris"))
                .withLaterOffsetAtOverlap()),
        of(ZonedDateTime.class, ZonedDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC)),
        of(ZonedDateTime.class, ZonedDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneId.of("UTC"))),
        of(ZoneId.class, ZoneId.of("Europe/Paris")),
        of(ZoneId.class, ZoneOffset.ofHours(1)),
        of(ZoneOffset.class, ZoneOffset.ofHoursMinutes(5, 30)));
  }

  static Stream<Arguments> values() {
    return Stream.concat(
        keys(),
        Stream.of(
            of(Locale.class, Locale.ROOT),
            of(Locale.class, Locale.of("de", "CH")),
            of(Locale.class, Locale.forLanguageTag("zh-Hans-CN")),
            of(Locale.class, Locale.forLanguageTag("th-TH-u-nu-thai")),
            of(OptionalInt.class, OptionalInt.empty()),
            of(OptionalInt.class, OptionalInt.of(0)),
            of(OptionalLong.class, OptionalLong.of(Long.MIN_VALUE)),
            of(OptionalLong.class, OptionalLong.empty()),
            of(OptionalDouble.class, OptionalDouble.of(Double.NaN)),
            of(OptionalDouble.class, OptionalDouble.empty())));
  }

  @ParameterizedTest
  @MethodSource("values")
  void comeBackEqualInAList(Class<?> type, Object value) {
    Type list = TypeFactory.createDefaultInstance().constructCollectionType(List.class, type);

    var again = codec.decode(codec.encode(List.of(value), list), list);

    assertThat(codec.problems(list)).isEmpty();
    assertThat(again).isEqualTo(List.of(value));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void comeBackEqualAsKeys(Class<?> type, Object value) {
    Type map = TypeFactory.createDefaultInstance().constructMapType(Map.class, type, Integer.class);

    var again = codec.decode(codec.encode(Map.of(value, 1), map), map);

    assertThat(codec.problems(map)).isEmpty();
    assertThat(again).isEqualTo(Map.of(value, 1));
  }
}
