package dev.pawl.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.store.CodecException;
import dev.pawl.store.Encoded;
import dev.pawl.workflow.step.TypeRef;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SealedTypesTest {
  sealed interface Outcome<T> {}

  record Done<T>(T value, Optional<T> before) implements Outcome<T> {}

  record Failed<T>(String error) implements Outcome<T> {}

  sealed interface Shape {}

  record Circle(double radius) implements Shape {}

  record Group(List<Shape> parts) implements Shape {}

  record Job(Outcome<BigDecimal> price, Map<String, Outcome<Shape>> shapes, Outcome<String> name) {}

  sealed interface Expression<T> {}

  record Constant(int value) implements Expression<Integer> {}

  record Same(Expression<Integer> one, Expression<Integer> other) implements Expression<Boolean> {}

  record If<T>(Expression<Boolean> test, Expression<T> then) implements Expression<T> {}

  sealed interface Tree<K, V> {}

  record Leaf<V, K>(K key, V value) implements Tree<K, V> {}

  record Fork<K, V>(List<Tree<K, V>> below) implements Tree<K, V> {}

  sealed interface Odd<T> {}

  record Pair<A, B>(A one, B other) implements Odd<A> {}

  record Holder(Odd<String> odd) {}

  enum Size {
    SMALL {
      @Override
      int factor() {
        return 1;
      }
    },
    LARGE {
      @Override
      int factor() {
        return 100;
      }
    };

    abstract int factor();

    @Override
    public String toString() {
      return "a size";
    }
  }

  record Box(Size size, Map<Size, Set<Size>> fits) {}

  private final JacksonCodec codec = new JacksonCodec();

  private Object again(Object value, Type type) {
    return codec.decode(codec.encode(value, type), type);
  }

  private String json(Object value, Type type) {
    return new String(((Encoded.Bytes) codec.encode(value, type)).bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void mayBeGeneric() {
    var job =
        new Job(
            new Done<>(new BigDecimal("1.50"), Optional.of(BigDecimal.TEN)),
            Map.of("a", new Done<>(new Group(List.of(new Circle(1))), Optional.of(new Circle(2)))),
            new Failed<>("none"));

    assertThat(codec.problems(Job.class)).isEmpty();
    assertThat(again(job, Job.class)).isEqualTo(job);
  }

  @Test
  void mayBeGenericAtTheOutside() {
    var type = new TypeRef<Outcome<Shape>>() {}.type();
    var outcome = new Done<Shape>(new Circle(1), Optional.of(new Group(List.of())));

    assertThat(codec.problems(type)).isEmpty();
    assertThat(json(outcome, type))
        .isEqualTo(
            "{\"@type\":\"Done\",\"value\":{\"@type\":\"Circle\",\"radius\":1.0},"
                + "\"before\":{\"@type\":\"Group\",\"parts\":[]}}");
    assertThat(again(outcome, type)).isEqualTo(outcome);
  }

  @Test
  void mayBeRecordsOfTypesOfTheirOwn() {
    var type = new TypeRef<Done<Shape>>() {}.type();
    var done = new Done<Shape>(new Circle(1), Optional.of(new Circle(2)));

    assertThat(codec.problems(type)).isEmpty();
    assertThat(again(done, type)).isEqualTo(done);
  }

  @Test
  void mayHaveVariantsOfOneArgumentAndOfAnyArgument() {
    var type = new TypeRef<Expression<Integer>>() {}.type();
    var value = new If<>(new Same(new Constant(1), new Constant(2)), new Constant(3));

    assertThat(codec.problems(type)).isEmpty();
    assertThat(again(value, type)).isEqualTo(value);
  }

  @Test
  void mayNameTheirParametersInAnotherOrder() {
    var type = new TypeRef<Tree<String, Shape>>() {}.type();
    var tree =
        new Fork<String, Shape>(List.of(new Leaf<>("a", new Circle(1)), new Fork<>(List.of())));

    assertThat(codec.problems(type)).isEmpty();
    assertThat(again(tree, type)).isEqualTo(tree);
  }

  @Test
  void areRefusedWhereAVariantsArgumentIsUnknown() {
    assertThat(codec.problems(Holder.class))
        .singleElement()
        .satisfies(problem -> assertThat(problem).contains("Holder.odd(Pair)"));
  }

  @Test
  void doNotIncludeEnumsWhoseConstantsHaveBodies() {
    var box = new Box(Size.LARGE, Map.of(Size.SMALL, Set.of(Size.LARGE, Size.SMALL)));

    assertThat(codec.problems(Box.class)).isEmpty();
    assertThat(json(box, Box.class))
        .isEqualTo("{\"size\":\"LARGE\",\"fits\":{\"SMALL\":[\"SMALL\",\"LARGE\"]}}");
    assertThat(again(box, Box.class)).isEqualTo(box);
  }

  @Test
  void refuseAnUnknownOrMissingVariant() {
    assertThatThrownBy(() -> read("{\"@type\":\"Star\"}")).hasMessageContaining("Star");
    assertThatThrownBy(() -> read("{\"radius\":1.0}")).hasMessageContaining("@type");
  }

  private Object read(String json) {
    try {
      return codec.decode(new Encoded.Bytes(json.getBytes(StandardCharsets.UTF_8)), Shape.class);
    } catch (CodecException e) {
      assertThat(e).hasMessageContaining("Shape");
      throw e;
    }
  }
}
