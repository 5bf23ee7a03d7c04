package dev.pawl.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.pawl.store.CodecException;
import dev.pawl.store.Encoded;
import dev.pawl.workflow.step.TypeRef;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComponentsTest {
  record Order(String id, int quantity, boolean urgent, BigDecimal price, Level level) {
    Order {
      if (quantity < 0) {
        throw new IllegalArgumentException("a quantity is not negative");
      }
    }

    Order(String id) {
      this(id, 1, false, BigDecimal.ONE, Level.LOW);
    }

    static Order valueOf(String id) {
      return new Order(id);
    }

    public boolean isFree() {
      return price.signum() == 0;
    }

    public BigDecimal getTotal() {
      return price.multiply(BigDecimal.valueOf(quantity));
    }

    public Order withId(String other) {
      return new Order(other, quantity, urgent, price, level);
    }
  }

  enum Level {
    LOW,
    HIGH
  }

  record Maybe(Optional<String> text, OptionalInt i, OptionalLong l, OptionalDouble d, int there) {}

  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Sparse(String text, @JsonInclude(JsonInclude.Include.NON_NULL) Integer number) {}

  record Renamed(@JsonProperty("old_name") String name) {}

  record Id(String value) {}

  record Empty() {}

  record Nest(List<Nest> in) {}

  private static final String ORDER =
      "{\"id\":\"a\",\"quantity\":2,\"urgent\":true,\"price\":\"2.50\",\"level\":\"HIGH\"}";

  private final JacksonCodec codec = new JacksonCodec();

  private Object read(String json, Type type) {
    return codec.decode(new Encoded.Bytes(json.getBytes(StandardCharsets.UTF_8)), type);
  }

  private String json(Object value, Type type) {
    return new String(((Encoded.Bytes) codec.encode(value, type)).bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void areWrittenInTheirOrderAndNothingElseIs() {
    var order = new Order("a", 2, true, new BigDecimal("2.50"), Level.HIGH);

    assertThat(codec.problems(Order.class)).isEmpty();
    assertThat(json(order, Order.class)).isEqualTo(ORDER);
    assertThat(read(ORDER, Order.class)).isEqualTo(order);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"quantity\":2     | \"quantity\":\"2\"   | quantity",
        "\"quantity\":2     | \"quantity\":2.5     | quantity",
        "\"quantity\":2     | \"quantity\":true    | quantity",
        "\"quantity\":2     | \"quantity\":null    | quantity",
        "\"quantity\":2     | \"quantity\":3000000000 | quantity",
        "\"quantity\":2     | \"quantity\":-1      | a quantity is not negative",
        "\"urgent\":true    | \"urgent\":\"true\"  | urgent",
        "\"urgent\":true    | \"urgent\":1         | urgent",
        "\"id\":\"a\"       | \"id\":1             | id",
        "\"id\":\"a\"       | \"id\":[\"a\"]       | id",
        "\"id\":\"a\"       | \"id\":{}            | id",
        "\"level\":\"HIGH\" | \"level\":1          | level",
        "\"level\":\"HIGH\" | \"level\":\"\"       | level",
        "\"level\":\"HIGH\" | \"level\":\"high\"   | level",
        "\"level\":\"HIGH\" | \"level\":\"HIGH\",\"more\":1 | more",
        "\"price\":\"2.50\" | \"price\":\"\"       | price",
        "\"price\":\"2.50\" | \"price\":\"x\"      | price",
        "\"price\":\"2.50\" | \"price\":false      | price",
        "\"urgent\":true,   | ''                   | urgent",
      })
  void ofTheWrongKindAreRefusedByName(String right, String wrong, String message) {
    var json = ORDER.replace(right, wrong);

    assertThat(json).isNotEqualTo(ORDER);
    assertThatThrownBy(() -> read(json, Order.class))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("Order")
        .hasMessageContaining(message);
  }

  record Basket(List<Order> orders) {}

  @Test
  void thatAreMissingOrWrongAreNamedWithTheirPath() {
    var basket = "{\"orders\":[" + ORDER + "," + ORDER + "]}";
    int second = basket.lastIndexOf("\"id\":\"a\",");
    var without = new StringBuilder(basket).delete(second, second + 9).toString();

    assertThatThrownBy(() -> read(without, Basket.class))
        .hasMessageEndingWith("Basket: missing `orders[1].id`");
    assertThatThrownBy(() -> read(basket.replace("\"HIGH\"", "7"), Basket.class))
        .hasMessageContaining("Basket: `orders[0].level`: ");
  }

  @Test
  void areRefusedWhereAnythingButAnObjectIsStored() {
    assertThatThrownBy(() -> read("\"a\"", Empty.class)).isInstanceOf(CodecException.class);
    assertThatThrownBy(() -> read("[]", Order.class)).isInstanceOf(CodecException.class);
    assertThatThrownBy(() -> read("\"\"", Empty.class)).isInstanceOf(CodecException.class);
    assertThatThrownBy(() -> read("{} {}", Empty.class)).isInstanceOf(CodecException.class);
    assertThatThrownBy(() -> read("", Empty.class)).isInstanceOf(CodecException.class);
  }

  @Test
  void thatAreOptionalReadAsEmptyWhereTheyAreMissing() {
    var empty =
        new Maybe(
            Optional.empty(), OptionalInt.empty(), OptionalLong.empty(), OptionalDouble.empty(), 1);

    assertThat(read("{\"there\":1}", Maybe.class)).isEqualTo(empty);
    assertThatThrownBy(() -> read("{}", Maybe.class)).hasMessageContaining("there");
  }

  @Test
  void areWrittenThoughAnAnnotationLeavesOutEmptyOnes() {
    var sparse = new Sparse("", null);

    assertThat(codec.problems(Sparse.class)).isEmpty();
    assertThat(json(sparse, Sparse.class)).isEqualTo("{\"text\":\"\",\"number\":null}");
    assertThat(read("{\"text\":\"\",\"number\":null}", Sparse.class)).isEqualTo(sparse);
  }

  @Test
  void mayBeStoredUnderAnotherName() {
    assertThat(codec.problems(Renamed.class)).isEmpty();
    assertThat(json(new Renamed("x"), Renamed.class)).isEqualTo("{\"old_name\":\"x\"}");
    assertThat(read("{\"old_name\":\"x\"}", Renamed.class)).isEqualTo(new Renamed("x"));
  }

  @Test
  void mayBeOneOrNone() {
    var ids = new TypeRef<List<Id>>() {}.type();

    assertThat(json(List.of(new Id("x")), ids)).isEqualTo("[{\"value\":\"x\"}]");
    assertThat(read("[{\"value\":\"x\"}]", ids)).isEqualTo(List.of(new Id("x")));
    assertThat(json(new Empty(), Empty.class)).isEqualTo("{}");
    assertThat(read("{}", Empty.class)).isEqualTo(new Empty());
    assertThatThrownBy(() -> read("[\"x\"]", ids)).isInstanceOf(CodecException.class);
  }

  @Test
  void thatNestTooDeeplyAreRefusedWhenTheyAreWritten() {
    var deep = new Nest(List.of());
    for (int i = 0; i < 300; i++) {
      deep = new Nest(List.of(deep));
    }
    var value = deep;

    assertThatThrownBy(() -> codec.encode(value, Nest.class))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("nesting depth");
  }

  @Test
  void keepHalvesOfSurrogatePairs() {
    var half = new Id("half \uD83D");

    assertThat(codec.decode(codec.encode(half, Id.class), Id.class)).isEqualTo(half);
  }
}
