package dev.pawl.jackson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.store.Encoded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Files of `states/VERSION` are what that version stored. They are never changed: later versions
/// read them as the same values, and write the same bytes.
class StoredStatesTest {
  private static final String VERSION = "0.1";

  record Line(String sku, int quantity, BigDecimal price) {}

  record Order(
      String id, Optional<String> note, List<Line> lines, BigDecimal total, Status status) {}

  enum Status {
    NEW,
    PAID {
      @Override
      public String toString() {
        return "paid";
      }
    }
  }

  sealed interface Parcel {}

  record Packed(String id, int grams) implements Parcel {}

  sealed interface Moving extends Parcel {}

  record InTransit(String id, List<String> stations) implements Moving {}

  record Lost(String id, Parcel before) implements Moving {}

  sealed interface Outcome<T> {}

  record Done<T>(T value) implements Outcome<T> {}

  record Failed<T>(String error, int attempts) implements Outcome<T> {}

  record Jobs(Map<String, Outcome<BigDecimal>> prices, List<Outcome<Parcel>> parcels) {}

  record Times(
      Instant at,
      Duration took,
      Period every,
      LocalDate day,
      LocalTime time,
      YearMonth month,
      OffsetDateTime seen,
      ZonedDateTime due,
      ZoneId zone) {}

  record Numbers(
      byte b,
      short s,
      int i,
      long l,
      float f,
      double d,
      boolean flag,
      char c,
      BigInteger big,
      BigDecimal exact,
      List<Double> special,
      OptionalInt some,
      OptionalInt none) {}

  record Collections(
      Map<String, Integer> byName,
      Map<Status, List<Integer>> byStatus,
      Map<LocalDate, Set<String>> byDay,
      Map<Integer, String> inOrder,
      Set<String> words,
      Set<Line> lines,
      Set<Integer> setInOrder,
      List<Optional<String>> maybe) {}

  record Others(UUID id, URI link, Locale locale, Currency currency, String text, String absent) {}

  record Tree(String name, List<Tree> children) {}

  static Stream<Arguments> states() {
    return Stream.of(
        Arguments.of("order", Order.class, order()),
        Arguments.of("parcel", Parcel.class, parcel()),
        Arguments.of("jobs", Jobs.class, jobs()),
        Arguments.of("times", Times.class, times()),
        Arguments.of("numbers", Numbers.class, numbers()),
        Arguments.of("collections", Collections.class, collections()),
        Arguments.of("others", Others.class, others()),
        Arguments.of("tree", Tree.class, tree()));
  }

  private static Order order() {
    return new Order(
        "o-1",
        Optional.of("fragile"),
        List.of(
            new Line("a-1", 2, new BigDecimal("10.00")), new Line("b-2", 1, new BigDecimal("0.5"))),
        new BigDecimal("20.50"),
        Status.PAID);
  }

  private static Parcel parcel() {
    return new Lost("p-1", new Lost("p-1", new InTransit("p-1", List.of("Bern", "Zürich", "東京"))));
  }

  private static Jobs jobs() {
    var prices = new LinkedHashMap<String, Outcome<BigDecimal>>();
    prices.put("second", new Done<>(new BigDecimal("1E+3")));
    prices.put("first", new Failed<>("no answer", 3));
    return new Jobs(prices, List.of(new Done<>(new Packed("p-2", 500)), new Failed<>("", 1)));
  }

  private static Times times() {
    return new Times(
        Instant.parse("2026-01-02T03:04:05.678901234Z"),
        Duration.ofMillis(-1_500),
        Period.of(1, 2, 3),
        LocalDate.of(2024, 2, 29),
        LocalTime.of(23, 59),
        YearMonth.of(2026, 12),
        OffsetDateTime.parse("2026-06-01T12:00:00+02:00"),
        ZonedDateTime.of(2026, 10, 25, 2, 30, 0, 0, ZoneId.of("Europe/Paris"))
            .withLaterOffsetAtOverlap(),
        ZoneId.of("Asia/Tokyo"));
  }

  private static Numbers numbers() {
    return new Numbers(
        Byte.MIN_VALUE,
        Short.MAX_VALUE,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        0.1f,
        -0.0,
        true,
        'ß',
        BigInteger.TWO.pow(70),
        new BigDecimal("-0.00"),
        List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e300),
        OptionalInt.of(7),
        OptionalInt.empty());
  }

  private static Collections collections() {
    var inOrder = new LinkedHashMap<Integer, String>();
    inOrder.put(2, "two");
    inOrder.put(1, "one");
    return new Collections(
        Map.of("b", 2, "a", 1, "c", 3),
        Map.of(Status.PAID, List.of(1, 2), Status.NEW, List.of()),
        Map.of(LocalDate.of(2026, 1, 1), Set.of("y", "x")),
        inOrder,
        Set.of("delta", "alpha", "charlie", "bravo"),
        Set.of(new Line("b", 1, BigDecimal.ONE), new Line("a", 2, BigDecimal.TEN)),
        new LinkedHashSet<>(List.of(3, 1, 2)),
        List.of(Optional.empty(), Optional.of("x")));
  }

  private static Others others() {
    return new Others(
        UUID.fromString("0190f3a2-7b3c-7def-8123-456789abcdef"),
        URI.create("https://example.org/a%20b?c#d"),
        Locale.forLanguageTag("zh-Hans-CN"),
        Currency.getInstance("CHF"),
        "grüße 👍 \"quoted\" \\ \n \u0000 </script>",
        null);
  }

  private static Tree tree() {
    return new Tree(
        "a", List.of(new Tree("b", List.of(new Tree("c", List.of()))), new Tree("d", List.of())));
  }

  private final JacksonCodec codec = new JacksonCodec();

  private static byte[] stored(String name) {
    var path = "/states/" + VERSION + "/" + name + ".json";
    try (var file = StoredStatesTest.class.getResourceAsStream(path)) {
      assertThat(file).as("the file %s", path).isNotNull();
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("states")
  void areReadAsTheValuesThatTheyWere(String name, Class<?> type, Object value) {
    assertThat(codec.decode(new Encoded.Bytes(stored(name)), type)).isEqualTo(value);
  }

  @ParameterizedTest
  @MethodSource("states")
  void areWrittenByteForByte(String name, Class<?> type, Object value) {
    var bytes = ((Encoded.Bytes) codec.encode(value, type)).bytes();

    assertThat(new String(bytes, StandardCharsets.UTF_8))
        .isEqualTo(new String(stored(name), StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("states")
  void areWrittenByteForByteOnceRead(String name, Class<?> type) {
    var read = codec.decode(new Encoded.Bytes(stored(name)), type);
    var bytes = ((Encoded.Bytes) codec.encode(read, type)).bytes();

    assertThat(new String(bytes, StandardCharsets.UTF_8))
        .isEqualTo(new String(stored(name), StandardCharsets.UTF_8));
  }

  @Test
  void haveNoOtherFilesThanThese() throws Exception {
    var directory = Path.of(StoredStatesTest.class.getResource("/states/" + VERSION).toURI());

    try (var files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              states().map(state -> state.get()[0] + ".json").toList());
    }
  }
}
