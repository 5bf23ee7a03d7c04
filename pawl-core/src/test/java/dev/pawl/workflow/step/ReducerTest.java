package dev.pawl.workflow.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.workflow.step.Reducer.Change;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// What the reducers make of the changes of branches, and the laws they keep.
final class ReducerTest {
  private static final long SEED = Long.getLong("seed", System.nanoTime());
  private static final int CASES = 1_000;

  @Test
  void appendsNewTailsInBranchOrder() {
    var merged =
        Reducer.<String>append()
            .apply(
                List.of("a"),
                List.of(
                    new Change<>(List.of("a"), List.of("a", "b", "c")),
                    new Change<>(List.of("x"), List.of("x", "d"))));

    assertThat(merged).containsExactly("a", "b", "c", "d").isUnmodifiable();
  }

  @Test
  void refusesToAppendWhatABranchChangedInPlace() {
    var append = Reducer.<String>append();

    for (var end : List.of(List.of("b"), List.<String>of(), List.of("b", "a"))) {
      assertThatThrownBy(() -> append.apply(List.of("a"), List.of(new Change<>(List.of("a"), end))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("append: a branch changed what was there; it may only add to the end");
    }
  }

  @Test
  void unitesElementsInTheOrderOfTheirArrival() {
    var merged =
        Reducer.<String>union()
            .apply(
                Set.of("a"),
                List.of(
                    new Change<>(Set.of("a"), Set.of("c")), new Change<>(Set.of(), Set.of("b"))));

    assertThat(merged).containsExactly("a", "c", "b").isUnmodifiable();
  }

  @Test
  void addsDifferencesToTheBase() {
    assertThat(Reducer.sum().apply(10, List.of(new Change<>(10, 13), new Change<>(5, 4))))
        .isEqualTo(12);
    assertThat(Reducer.sumOfLongs().apply(10L, List.of(new Change<>(10L, 13L)))).isEqualTo(13L);
    assertThat(
            Reducer.sumOfDecimals()
                .apply(
                    new BigDecimal("1.50"),
                    List.of(new Change<>(new BigDecimal("1.50"), new BigDecimal("1.25")))))
        .isEqualTo(new BigDecimal("1.25"));
  }

  @Test
  void refusesSumsThatOverflow() {
    assertThatThrownBy(() -> Reducer.sum().apply(Integer.MAX_VALUE, List.of(new Change<>(0, 1))))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(
            () -> Reducer.sumOfLongs().apply(0L, List.of(new Change<>(-2L, Long.MAX_VALUE))))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void takesTheLeastAndTheGreatestOfBaseAndBranches() {
    var changes = List.of(new Change<>(5, 7), new Change<>(5, 3));

    assertThat(Reducer.<Integer>min().apply(5, changes)).isEqualTo(3);
    assertThat(Reducer.<Integer>max().apply(5, changes)).isEqualTo(7);
    assertThat(Reducer.<Integer>min().apply(5, List.of(new Change<>(5, 9)))).isEqualTo(5);
  }

  @Test
  void takesTheLastBranchThatChangedTheValue() {
    assertThat(Reducer.last().apply("a", List.of(new Change<>("a", "c"), new Change<>("a", "b"))))
        .isEqualTo("b");
  }

  @Test
  void leavesTheBaseWithoutChanges() {
    assertThat(Reducer.append().apply(List.of("a"), List.of())).isEqualTo(List.of("a"));
    assertThat(Reducer.union().apply(Set.of("a"), List.of())).isEqualTo(Set.of("a"));
    assertThat(Reducer.sum().apply(1, List.of())).isEqualTo(1);
    assertThat(Reducer.sumOfLongs().apply(1L, List.of())).isEqualTo(1L);
    assertThat(Reducer.sumOfDecimals().apply(BigDecimal.ONE, List.of())).isEqualTo(BigDecimal.ONE);
    assertThat(Reducer.<Integer>min().apply(1, List.of())).isEqualTo(1);
    assertThat(Reducer.<Integer>max().apply(1, List.of())).isEqualTo(1);
    assertThat(Reducer.last().apply("a", List.of())).isEqualTo("a");
  }

  /// A fork inside a branch merges first; the result is as if all were branches of one fork.
  @Test
  void mergesForksInsideBranchesAsIfTheyWereOne() {
    nests(Reducer.sum(), random -> random.nextInt(-100, 100));
    nests(Reducer.sumOfLongs(), random -> random.nextLong(-100, 100));
    nests(Reducer.sumOfDecimals(), random -> BigDecimal.valueOf(random.nextInt(-100, 100), 2));
    nests(Reducer.<Integer>min(), random -> random.nextInt(10));
    nests(Reducer.<Integer>max(), random -> random.nextInt(10));
    nests(Reducer.<Integer>last(), random -> random.nextInt(10));
    nests(Reducer.<Integer>union(), ReducerTest::set);
  }

  @Test
  void appendsForksInsideBranchesAsIfTheyWereOne() {
    var random = new SplittableRandom(SEED);
    for (int i = 0; i < CASES; i++) {
      var base = list(random);
      var ends = List.of(tail(base, random), tail(base, random), tail(base, random));
      nests(Reducer.<Integer>append(), base, ends);
    }
  }

  @Test
  void doesNotDependOnTheOrderOfBranches() {
    commutes(Reducer.sum(), random -> random.nextInt(-100, 100));
    commutes(Reducer.sumOfLongs(), random -> random.nextLong(-100, 100));
    commutes(Reducer.sumOfDecimals(), random -> BigDecimal.valueOf(random.nextInt(-9, 9), 2));
    commutes(Reducer.<Integer>min(), random -> random.nextInt(10));
    commutes(Reducer.<Integer>max(), random -> random.nextInt(10));
    commutes(Reducer.<Integer>union(), ReducerTest::set);
  }

  private static <T> void nests(Reducer<T> reducer, Function<SplittableRandom, T> value) {
    var random = new SplittableRandom(SEED);
    for (int i = 0; i < CASES; i++) {
      var base = value.apply(random);
      nests(reducer, base, List.of(value.apply(random), value.apply(random), value.apply(random)));
    }
  }

  private static <T> void nests(Reducer<T> reducer, T base, List<T> ends) {
    var flat = reducer.apply(base, changes(base, ends));
    var inner = reducer.apply(base, changes(base, ends.subList(1, 3)));
    var nested = reducer.apply(base, changes(base, List.of(ends.getFirst(), inner)));

    assertThat(nested).as("seed %d: base %s, ends %s", SEED, base, ends).isEqualTo(flat);
  }

  private static <T> void commutes(Reducer<T> reducer, Function<SplittableRandom, T> value) {
    var random = new SplittableRandom(SEED);
    for (int i = 0; i < CASES; i++) {
      var base = value.apply(random);
      var changes =
          changes(base, List.of(value.apply(random), value.apply(random), value.apply(random)));
      var turned = new ArrayList<>(changes);
      Collections.reverse(turned);

      assertThat(reducer.apply(base, turned))
          .as("seed %d: base %s, changes %s", SEED, base, changes)
          .isEqualTo(reducer.apply(base, changes));
    }
  }

  /// As engines do: a branch that changed nothing does not count.
  private static <T> List<Change<T>> changes(T base, List<T> ends) {
    return ends.stream()
        .filter(end -> !Objects.equals(base, end))
        .map(end -> new Change<>(base, end))
        .toList();
  }

  private static Set<Integer> set(SplittableRandom random) {
    return new LinkedHashSet<>(list(random));
  }

  private static List<Integer> list(SplittableRandom random) {
    return random.ints(random.nextInt(4), 0, 10).boxed().toList();
  }

  private static List<Integer> tail(List<Integer> base, SplittableRandom random) {
    var all = new ArrayList<>(base);
    all.addAll(list(random));
    return all;
  }
}
