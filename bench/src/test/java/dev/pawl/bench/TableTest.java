package dev.pawl.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void alignsFiguresToTheRightAndTextToTheLeft() {
    assertThat(Table.of(Samples.report()))
        .isEqualTo(
            """
            2 x Some CPU, 24 GiB, Linux 6, Vendor 25
            median of 5, seed 7

            name             value  unit    baseline  ratio  bar                   pass  details
            fast: one step      27  ns             9      3  ≤ 30                  yes   error 0.5 ns
            slow: 64        12,000  runs/s    40,000    0.3  ≥ 8,000, ratio ≥ 0.4  NO    p50 5.2 ms, p99 12 ms
            odd                                                                    NO    broken: no "disk"
            """);
  }
}
