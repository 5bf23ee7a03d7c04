package dev.pawl.workflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Reducer;
import dev.pawl.workflow.step.Reducer.Change;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// How the states of branches become one.
final class MergeTest {
  private record Draft(List<String> notes, int words, @Nullable String title) {}

  private sealed interface Shape permits Circle, Square {}

  private record Circle(int radius) implements Shape {}

  private record Square(int side) implements Shape {}

  private static final List<String> NAMES = List.of("left", "middle", "right");

  private final Draft base = new Draft(List.of("a"), 10, null);

  @Test
  void keepsWhatNoBranchChanged() {
    assertThat(merge(base, base)).isEqualTo(base);
  }

  @Test
  void takesTheComponentsThatOneBranchChanged() {
    var left = new Draft(List.of("a"), 12, null);
    var right = new Draft(List.of("a"), 10, "Title");

    assertThat(merge(left, right)).isEqualTo(new Draft(List.of("a"), 12, "Title"));
  }

  @Test
  void takesWhatSeveralBranchesChangedAlike() {
    var both = new Draft(List.of("a"), 12, "Title");

    assertThat(merge(both, base, both)).isEqualTo(both);
  }

  @Test
  void namesTheComponentAndTheBranchesInConflict() {
    var left = new Draft(List.of("a"), 12, null);
    var right = new Draft(List.of("a"), 13, null);

    assertThatThrownBy(() -> merge(left, base, right))
        .isInstanceOf(MergeConflict.class)
        .hasMessage(
            "branches left and right changed words differently; say with merge(...) how to reduce"
                + " it");
  }

  @Test
  void countsAChangeToNullAsAChange() {
    var titled = new Draft(List.of(), 0, "Title");
    var untitled = new Draft(List.of(), 0, null);
    var changes = List.of(new Change<>(titled, titled), new Change<>(titled, untitled));

    assertThat(Merge.<Draft>plain().apply(titled, changes, NAMES)).isEqualTo(untitled);
  }

  @Test
  void givesAReducerTheChangesOfItsComponentInBranchOrder() {
    var merge =
        new Merge<Draft>(
            Optional.empty(),
            Map.of(
                Field.of(Draft::notes), Reducer.<String>append(),
                Field.of(Draft::words), Reducer.sum()));
    var left = new Draft(List.of("a", "l"), 12, null);
    var right = new Draft(List.of("a", "r"), 13, "Title");

    var merged = merge.apply(base, List.of(change(left), change(base), change(right)), NAMES);

    assertThat(merged).isEqualTo(new Draft(List.of("a", "l", "r"), 15, "Title"));
  }

  @Test
  void comparesABranchWithItsOwnStart() {
    var merge = new Merge<Draft>(Optional.empty(), Map.of(Field.of(Draft::words), Reducer.sum()));
    var start = new Draft(List.of("other"), 100, "Other");
    var end = new Draft(List.of("other"), 105, "Other");

    var merged = merge.apply(base, List.of(new Change<>(start, end)), NAMES);

    assertThat(merged).isEqualTo(new Draft(List.of("a"), 15, null));
  }

  @Test
  void reducesWholeStatesWithoutLookingInside() {
    var merge = new Merge<Shape>(Optional.of(Reducer.last()), Map.of());
    Shape circle = new Circle(1);

    var merged =
        merge.apply(
            circle,
            List.of(new Change<>(circle, new Circle(2)), new Change<>(circle, new Square(3))),
            NAMES);

    assertThat(merged).isEqualTo(new Square(3));
  }

  @Test
  void mergesVariantsAsAWhole() {
    Shape circle = new Circle(1);
    var toSquare = new Change<>(circle, (Shape) new Square(3));
    var same = new Change<>(circle, circle);
    var toCircle = new Change<>(circle, (Shape) new Circle(2));
    var plain = Merge.<Shape>plain();

    assertThat(plain.apply(circle, List.of(toSquare, same), NAMES)).isEqualTo(new Square(3));
    assertThat(plain.apply(circle, List.of(toCircle, same), NAMES)).isEqualTo(new Circle(2));
    assertThatThrownBy(() -> plain.apply(circle, List.of(toSquare, toCircle), NAMES))
        .isInstanceOf(MergeConflict.class)
        .hasMessageStartingWith("branches left and middle changed state differently");
  }

  @Test
  void mergesStatesThatAreNoRecordsAsAWhole() {
    var plain = Merge.<String>plain();

    assertThat(plain.apply("a", List.of(new Change<>("a", "b"), new Change<>("a", "a")), NAMES))
        .isEqualTo("b");
    assertThat(
            new Merge<>(Optional.of(Reducer.sum()), Map.of())
                .apply(1, List.of(new Change<>(1, 3), new Change<>(1, 4)), NAMES))
        .isEqualTo(6);
  }

  private Change<Draft> change(Draft end) {
    return new Change<>(base, end);
  }

  private Draft merge(Draft... ends) {
    var changes = List.of(ends).stream().map(this::change).toList();
    return Merge.<Draft>plain().apply(base, changes, NAMES);
  }
}
