package dev.pawl.workflow.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Components of records, by a reference to their accessor or by two functions.
final class FieldTest {
  private record Order(String id, int quantity, List<String> tags, @Nullable String note) {
    private int doubled() {
      return quantity * 2;
    }
  }

  private record Box<T>(T content) {}

  private record Checked(int count) {
    Checked {
      if (count < 0) {
        throw new IllegalArgumentException("count: " + count);
      }
    }
  }

  private static final class Plain {
    String name() {
      return "plain";
    }
  }

  private final Order order = new Order("o-1", 3, List.of("a"), null);

  @Test
  void readsAndChangesTheComponentOfAnAccessor() {
    var tags = Field.of(Order::tags);

    assertThat(tags.name()).isEqualTo("tags");
    assertThat(tags.apply(order)).containsExactly("a");
    assertThat(tags.apply(order, List.of("b"))).isEqualTo(new Order("o-1", 3, List.of("b"), null));
  }

  @Test
  void changesPrimitivesAndNulls() {
    var quantity = Field.of(Order::quantity);
    Field<Order, @Nullable String> note = Field.of(Order::note);

    assertThat(quantity.apply(order, 5).quantity()).isEqualTo(5);
    assertThat(note.apply(order)).isNull();
    assertThat(note.apply(note.apply(order, "x"), null)).isEqualTo(order);
  }

  @Test
  void changesGenericRecords() {
    Field<Box<String>, String> content = Field.of(Box::content);

    assertThat(content.apply(new Box<>("a"), "b")).isEqualTo(new Box<>("b"));
  }

  @Test
  void throwsWhatTheConstructorThrows() {
    var count = Field.of(Checked::count);

    assertThatThrownBy(() -> count.apply(new Checked(1), -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("count: -1");
  }

  @Test
  void readsAndChangesByTwoFunctions() {
    var half =
        Field.<Order, Integer>of(
            "half", o -> o.quantity() / 2, (o, n) -> new Order(o.id(), n * 2, o.tags(), o.note()));

    assertThat(half.name()).isEqualTo("half");
    assertThat(half.apply(order)).isEqualTo(1);
    assertThat(half.apply(order, 4).quantity()).isEqualTo(8);
  }

  @Test
  void refusesWhatIsNoAccessorOfARecord() {
    assertThatThrownBy(() -> Field.of((Order o) -> o.id()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Field.of wants a method reference to the accessor of a record component, such as"
                + " Order::total; for anything else use Field.of(name, getter, wither): ")
        .hasMessageEndingWith("FieldTest is not a record");
    assertThatThrownBy(() -> Field.of(Plain::name)).hasMessageEndingWith("Plain is not a record");
    assertThatThrownBy(() -> Field.of(Order::doubled))
        .hasMessageEndingWith("Order has no component doubled");
  }
}
