package dev.pawl.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ParityTablesTest {
  @Test
  void readsTheRowsUnderLetteredHeadings() {
    var document =
        """
        # Parity

        | state | meaning |
        |---|---|
        | done | works |

        ## A. First

        | row | state | test or reason |
        |---|---|---|
        | retries | done | `RetryTest.retries`, `pawl-jdbc: RetryTest.waits` |
        | a \\| b | later | with the server |
        """;

    var tables = ParityTables.parse(document.lines().toList());

    assertThat(tables.flaws()).isEmpty();
    assertThat(tables.counts()).isEqualTo(Map.of("A", Map.of("done", 1L, "later", 1L)));
    assertThat(tables.rows().getFirst().tests())
        .extracting(NamedTest::toString)
        .containsExactly("RetryTest.retries", "pawl-jdbc: RetryTest.waits");
  }

  @Test
  void refusesALineWithoutThreeCells() {
    var lines = List.of("## A. First", "| retries | done |");

    assertThatThrownBy(() -> ParityTables.parse(lines))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 2");
  }

  @Test
  void findsDoneRowsWithoutATest() {
    assertThat(flaws("| retries | done | it works |"))
        .containsExactly("line 2, \"retries\": is done but names no test");
  }

  @Test
  void findsCoveredRowsWithoutATest() {
    assertThat(flaws("| retries | covered by | policies |"))
        .containsExactly("line 2, \"retries\": is covered by but names no test");
  }

  @Test
  void findsQuotesThatAreNoNamesOfTests() {
    assertThat(flaws("| retries | done | `some words` |"))
        .containsExactly("line 2, \"retries\": `some words` is no name of a test");
  }

  @Test
  void findsUnknownStates() {
    assertThat(flaws("| retries | perhaps | `RetryTest.retries` |"))
        .containsExactly("line 2, \"retries\": has the unknown state \"perhaps\"");
  }

  @Test
  void findsRowsWithoutAReason() {
    assertThat(flaws("| retries | later | |"))
        .containsExactly("line 2, \"retries\": gives no reason");
  }

  @Test
  void findsRowsThatStandTwice() {
    assertThat(flaws("| retries | later | soon |", "| retries | not needed | never |"))
        .containsExactly("line 3, \"retries\": stands twice in its table");
  }

  private static List<String> flaws(String... rows) {
    var lines = new ArrayList<>(List.of("## A. First"));
    lines.addAll(List.of(rows));
    return ParityTables.parse(lines).flaws();
  }
}
