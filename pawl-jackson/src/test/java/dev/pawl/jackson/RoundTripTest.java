package dev.pawl.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.store.CodecException;
import dev.pawl.store.Encoded;
import dev.pawl.workflow.step.TypeRef;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RoundTripTest {
  enum Color {
    RED,
    GREEN
  }

  sealed interface Shape {}

  record Circle(double radius) implements Shape {}

  record Square(double side) implements Shape {}

  sealed interface Deep extends Shape {}

  record Dot(int x, int y) implements Deep {}

  record Line(String sku, int quantity, BigDecimal price) {}

  record Everything(
      String text,
      int small,
      long large,
      boolean flag,
      Color color,
      BigDecimal money,
      Instant at,
      Duration took,
      LocalDate day,
      UUID id,
      Optional<String> maybe,
      List<Line> lines,
      Set<Color> colors,
      Map<String, List<Integer>> numbers,
      Shape shape,
      List<Shape> shapes) {}

  record Nullable(String a, Integer b) {}

  record Tree(int value, List<Tree> children) {}

  private final JacksonCodec codec = new JacksonCodec();

  private Object again(Object value, Type type) {
    return codec.decode(codec.encode(value, type), type);
  }

  private String json(Object value, Type type) {
    return new String(((Encoded.Bytes) codec.encode(value, type)).bytes(), StandardCharsets.UTF_8);
  }

  private Object read(String json, Type type) {
    return codec.decode(new Encoded.Bytes(json.getBytes(StandardCharsets.UTF_8)), type);
  }

  private static Everything everything() {
    return new Everything(
        "grüße 👍 \u0000 \"quoted\"",
        -1,
        Long.MAX_VALUE,
        true,
        Color.GREEN,
        new BigDecimal("10.00"),
        Instant.parse("2026-01-02T03:04:05.678901234Z"),
        Duration.ofMillis(1234567),
        LocalDate.of(2026, 2, 28),
        new UUID(1, 2),
        Optional.of("x"),
        List.of(new Line("a", 1, new BigDecimal("1E+3"))),
        Set.of(Color.RED),
        Map.of("a", List.of(1, 2)),
        new Circle(1.5),
        List.of(new Square(2), new Dot(1, 2)));
  }

  @Test
  void givesBackAnEqualValue() {
    assertThat(again(everything(), Everything.class)).isEqualTo(everything());
  }

  @Test
  void namesVariantsOfSealedTypes() {
    assertThat(json(new Circle(1), Shape.class)).isEqualTo("{\"@type\":\"Circle\",\"radius\":1.0}");
    assertThat(again(new Dot(1, 2), Shape.class)).isEqualTo(new Dot(1, 2));
  }

  @Test
  void readsAVariantByItsAlias() {
    var renamed = codec.alias(Circle.class, "Ring");

    var stored = renamed.encode(new Circle(1), Shape.class);

    assertThat(renamed.decode(stored, Shape.class)).isEqualTo(new Circle(1));
    assertThatThrownBy(() -> codec.decode(stored, Shape.class))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("Ring");
  }

  @Test
  void keepsScaleOfDecimalsAsStrings() {
    assertThat(json(new Line("a", 1, new BigDecimal("1.10")), Line.class))
        .contains("\"price\":\"1.10\"");
  }

  @Test
  void decodesUnmodifiableCollections() {
    var value = (Everything) again(everything(), Everything.class);

    assertThatThrownBy(() -> value.lines().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> value.numbers().get("a").add(3))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> value.colors().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void keepsNullComponents() {
    assertThat(again(new Nullable(null, null), Nullable.class)).isEqualTo(new Nullable(null, null));
  }

  @Test
  void readsGenericTypes() {
    var type = new TypeRef<List<Line>>() {}.type();
    var lines = List.of(new Line("a", 1, BigDecimal.ONE));

    assertThat(again(lines, type)).isEqualTo(lines);
  }

  @Test
  void refusesAMissingComponentByItsName() {
    assertThatThrownBy(() -> read("{\"sku\":\"a\",\"quantity\":1}", Line.class))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("price")
        .hasMessageContaining("Line");
  }

  @Test
  void refusesAnUnknownComponentWithItsPath() {
    var json = "{\"value\":1,\"children\":[{\"value\":2,\"children\":[],\"extra\":1}]}";

    assertThatThrownBy(() -> read(json, Tree.class))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("extra")
        .hasMessageContaining("children");
  }

  @Test
  void refusesBrokenJson() {
    assertThatThrownBy(() -> read("{\"sku\":", Line.class)).isInstanceOf(CodecException.class);
    assertThatThrownBy(() -> read("null", Line.class)).isInstanceOf(CodecException.class);
  }

  record Link<T>(T value, List<Link<T>> next) {}

  record Chain(Link<String> first) {}

  @Test
  void endsOnGenericRecordsThatHoldThemselves() {
    assertThat(codec.problems(Chain.class)).isEmpty();
  }

  @Test
  void findsNoProblemInValues() {
    assertThat(codec.problems(Everything.class)).isEmpty();
    assertThat(codec.problems(Tree.class)).isEmpty();
  }

  @SuppressWarnings("ArrayRecordComponent")
  record Bad(List<Object> anything, int[] numbers, Thread thread) {}

  @Test
  void namesEachPlaceThatCannotBeStored() {
    assertThat(codec.problems(Bad.class))
        .hasSize(3)
        .anySatisfy(problem -> assertThat(problem).contains("anything[]"))
        .anySatisfy(problem -> assertThat(problem).contains("numbers"))
        .anySatisfy(problem -> assertThat(problem).contains("thread"));
  }
}
