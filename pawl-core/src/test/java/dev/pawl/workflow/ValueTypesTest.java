package dev.pawl.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Which types a state may be of.
final class ValueTypesTest {
  private enum Level {
    LOW,
    HIGH {
      @Override
      public String toString() {
        return "high";
      }
    }
  }

  private record Tree(String name, List<Tree> children) {}

  private record Box<T>(T content) {}

  private sealed interface Event permits Opened, Closed {}

  private record Opened(Instant at) implements Event {}

  private record Closed(Box<List<? extends Event>> why, Level level) implements Event {}

  private record Rich(
      int count,
      Long id,
      BigDecimal amount,
      Optional<UUID> trace,
      Map<Level, Set<Duration>> waits,
      Tree tree,
      Event event) {}

  @SuppressWarnings("ArrayRecordComponent")
  private record Arrays(int[] numbers, String[] names, List<byte[]> parts) {}

  private record Dated(Date when) {}

  private record Nested(Map<String, Optional<Dated>> dates, Box<StringBuilder> text) {}

  @SuppressWarnings("rawtypes")
  private record Raw(List list, Box box, Object any) {}

  private sealed interface Shape permits Point, Open {}

  private record Point(int x, int y) implements Shape {}

  private static non-sealed class Open implements Shape {}

  @Test
  void acceptsValues() {
    assertThat(ValueTypes.flaws(Rich.class)).isEmpty();
    assertThat(ValueTypes.flaws(String.class)).isEmpty();
    assertThat(ValueTypes.flaws(Event.class)).isEmpty();
    assertThat(ValueTypes.flaws(Level.class)).isEmpty();
  }

  @Test
  void refusesArrays() {
    assertThat(ValueTypes.flaws(Arrays.class))
        .containsExactly(
            "Arrays.numbers is of the mutable type int[]",
            "Arrays.names is of the mutable type java.lang.String[]",
            "what is in Arrays.parts is of the mutable type byte[]");
  }

  @Test
  void refusesMutableClassesAtAnyDepth() {
    assertThat(ValueTypes.flaws(Nested.class))
        .containsExactly(
            "Dated.when is of the mutable type java.util.Date",
            "what is in Nested.text is of the mutable type java.lang.StringBuilder");
  }

  @Test
  void refusesWhatMayHoldAnything() {
    assertThat(ValueTypes.flaws(Raw.class))
        .containsExactly(
            "Raw.list is a List of anything, which may be mutable",
            "Raw.box is a Box of anything, which may be mutable",
            "Raw.any is of the mutable type java.lang.Object");
  }

  @Test
  void refusesOpenVariantsOfASealedInterface() {
    assertThat(ValueTypes.flaws(Shape.class))
        .containsExactly("the variant Open is of the mutable type " + Open.class.getTypeName());
  }

  @Test
  void failsTheBuild() {
    var g = Workflow.graph("dates", Dated.class);
    g.start(g.end());

    try {
      g.build();
      throw new AssertionError("built");
    } catch (InvalidWorkflow invalid) {
      assertThat(invalid.problems())
          .containsExactly(
              new Problem(
                  Problem.Severity.ERROR,
                  "",
                  "Dated.when is of the mutable type java.util.Date",
                  "use records, enums, sealed interfaces, values of the JDK, and List, Set and Map"
                      + " of these"));
    }
  }
}
