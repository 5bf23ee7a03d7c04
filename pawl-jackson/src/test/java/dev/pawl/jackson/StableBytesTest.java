package dev.pawl.jackson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.store.Encoded;
import dev.pawl.workflow.step.TypeRef;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class StableBytesTest {
  private static final Type NUMBERS = new TypeRef<Map<Integer, String>>() {}.type();
  private static final Type WORDS = new TypeRef<Set<String>>() {}.type();
  private static final Type POINTS = new TypeRef<Set<Point>>() {}.type();

  record Point(int x, Optional<Integer> y) {}

  sealed interface Shape {}

  record Circle(Point center) implements Shape {}

  record Path(Set<Point> points) implements Shape {}

  private final JacksonCodec codec = new JacksonCodec();

  private String json(Object value, Type type) {
    return new String(((Encoded.Bytes) codec.encode(value, type)).bytes(), StandardCharsets.UTF_8);
  }

  private Object again(Object value, Type type) {
    return codec.decode(codec.encode(value, type), type);
  }

  @Test
  void sortTheKeysOfMapsWithoutAnOrder() {
    var map = Map.of(10, "ten", 9, "nine", -1, "minus one", 100, "hundred");
    var sorted = "{\"-1\":\"minus one\",\"9\":\"nine\",\"10\":\"ten\",\"100\":\"hundred\"}";

    assertThat(json(map, NUMBERS)).isEqualTo(sorted);
    assertThat(json(new HashMap<>(map), NUMBERS)).isEqualTo(sorted);
    assertThat(json(new ConcurrentHashMap<>(map), NUMBERS)).isEqualTo(sorted);
  }

  @Test
  void sortTheElementsOfSetsWithoutAnOrder() {
    var set = Set.of("b", "a", "c", "d");

    assertThat(json(set, WORDS)).isEqualTo("[\"a\",\"b\",\"c\",\"d\"]");
    assertThat(json(new HashSet<>(set), WORDS)).isEqualTo("[\"a\",\"b\",\"c\",\"d\"]");
  }

  @Test
  void sortElementsThatAreEqualInOrderButNotInValue() {
    var type = new TypeRef<Set<BigDecimal>>() {}.type();
    var set = Set.of(new BigDecimal("1.00"), new BigDecimal("1.0"), new BigDecimal("1"));

    assertThat(json(set, type)).isEqualTo("[\"1\",\"1.0\",\"1.00\"]");
  }

  @Test
  void keepANullInASet() {
    var set = new HashSet<String>();
    set.add(null);
    set.add("a");

    assertThat(json(set, WORDS)).isEqualTo("[null,\"a\"]");
    assertThat(again(set, WORDS)).isEqualTo(set);
  }

  @Test
  void sortRecordsByTheirJson() {
    var set =
        Set.of(
            new Point(2, Optional.of(1)),
            new Point(1, Optional.empty()),
            new Point(1, Optional.of(3)));

    assertThat(json(set, POINTS))
        .isEqualTo("[{\"x\":1,\"y\":3},{\"x\":1,\"y\":null},{\"x\":2,\"y\":1}]");
    assertThat(again(set, POINTS)).isEqualTo(set);
  }

  @Test
  void sortVariantsAndSetsOfSets() {
    var type = new TypeRef<Set<Set<Shape>>>() {}.type();
    var circle = new Circle(new Point(1, Optional.empty()));
    var path = new Path(Set.of(new Point(2, Optional.of(2)), new Point(1, Optional.of(1))));
    var json =
        "[[],[{\"@type\":\"Circle\",\"center\":{\"x\":1,\"y\":null}},"
            + "{\"@type\":\"Path\",\"points\":[{\"x\":1,\"y\":1},{\"x\":2,\"y\":2}]}]]";

    assertThat(json(Set.of(Set.of(path, circle), Set.of()), type)).isEqualTo(json);
    assertThat(again(Set.of(Set.of(path, circle), Set.of()), type))
        .isEqualTo(Set.of(Set.of(path, circle), Set.of()));
  }

  @Test
  void keepTheOrderOfCollectionsThatHaveOne() {
    var linked = new LinkedHashMap<Integer, String>();
    linked.put(2, "two");
    linked.put(1, "one");
    var words = new LinkedHashSet<>(List.of("z", "a"));

    assertThat(json(linked, NUMBERS)).isEqualTo("{\"2\":\"two\",\"1\":\"one\"}");
    assertThat(json(Collections.unmodifiableMap(linked), NUMBERS))
        .isEqualTo("{\"2\":\"two\",\"1\":\"one\"}");
    assertThat(json(new TreeMap<>(linked).descendingMap(), NUMBERS))
        .isEqualTo("{\"2\":\"two\",\"1\":\"one\"}");
    assertThat(json(words, WORDS)).isEqualTo("[\"z\",\"a\"]");
  }

  @Test
  void areTheSameAfterDecoding() {
    var words = new LinkedHashSet<>(List.of("z", "a", "m", "Aa", "BB"));
    var linked = new LinkedHashMap<Integer, String>();
    linked.put(2, "two");
    linked.put(1, "one");

    assertThat(json(again(words, WORDS), WORDS)).isEqualTo(json(words, WORDS));
    assertThat(json(again(linked, NUMBERS), NUMBERS)).isEqualTo(json(linked, NUMBERS));
  }
}
