package dev.pawl.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.workflow.RunStatus;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StatusTableTest {
  @Test
  void holdsEveryLegalChange() {
    var table =
        Arrays.stream(RunStatus.values())
            .map(from ->
                from
                    + " -> "
                    + Arrays.stream(RunStatus.values())
                        .filter(to -> from != to && StatusTable.isLegal(from, to))
                        .map(RunStatus::name)
                        .collect(Collectors.joining(" ")))
            .collect(Collectors.joining("\n"));

    assertThat(table)
        .isEqualTo(
            """
            RUNNING -> WAITING COMPENSATING PAUSED COMPLETED FAILED CANCELLED
            WAITING -> RUNNING COMPENSATING PAUSED FAILED CANCELLED
            COMPENSATING -> PAUSED FAILED CANCELLED
            PAUSED -> RUNNING WAITING COMPENSATING COMPLETED FAILED CANCELLED
            COMPLETED -> ERASED
            FAILED -> RUNNING ERASED
            CANCELLED -> ERASED
            ERASED -> \
            """);
  }

  @Test
  void refusesAnIllegalChangeByName() {
    assertThatThrownBy(() -> StatusTable.check(RunStatus.COMPLETED, RunStatus.RUNNING))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a run cannot go from COMPLETED to RUNNING");
  }
}
