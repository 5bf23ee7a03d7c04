package dev.pawl.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowTest {
  @ParameterizedTest
  @CsvSource({"29.9, true", "30, true", "30.1, false", "NaN, false"})
  void passesUpToAMost(double value, boolean passes) {
    assertThat(row(value, Bar.value(new Limit.AtMost(30))).passes()).isEqualTo(passes);
  }

  @ParameterizedTest
  @CsvSource({"499.9, true", "500, false", "NaN, false"})
  void passesBelowALimit(double value, boolean passes) {
    assertThat(row(value, Bar.value(new Limit.LessThan(500))).passes()).isEqualTo(passes);
  }

  @ParameterizedTest
  @CsvSource({"7999, false", "8000, true", "NaN, false"})
  void passesFromALeast(double value, boolean passes) {
    assertThat(row(value, Bar.value(new Limit.AtLeast(8_000))).passes()).isEqualTo(passes);
  }

  @ParameterizedTest
  @CsvSource({"90.9, false", "91.1, true", "92.2, true", "93.3, true", "93.5, false"})
  void passesWithinATolerance(double value, boolean passes) {
    assertThat(row(value, Bar.value(new Limit.Within(92.2, 1.2))).passes()).isEqualTo(passes);
  }

  @Test
  void passesWithoutABar() {
    assertThat(row(1, Bar.NONE).passes()).isTrue();
  }

  @Test
  void needsBothTheValueAndTheRatio() {
    var bar = Bar.value(new Limit.AtLeast(8_000)).andRatio(new Limit.AtLeast(0.4));

    assertThat(row(9_000, bar).beside(20_000).passes()).isTrue();
    assertThat(row(9_000, bar).beside(30_000).passes()).isFalse();
    assertThat(row(7_000, bar).beside(10_000).passes()).isFalse();
  }

  @Test
  void failsWithABarOnTheRatioAndNoBaseline() {
    assertThat(row(1, Bar.ratio(new Limit.AtMost(1.3))).passes()).isFalse();
  }

  @Test
  void saysItsBarInWords() {
    assertThat(Bar.NONE.text()).isEmpty();
    assertThat(Bar.value(new Limit.Within(92.2, 1.2)).text()).isEqualTo("92.2 ± 1.2");
    assertThat(Bar.value(new Limit.LessThan(500)).text()).isEqualTo("< 500");
    assertThat(Bar.value(new Limit.AtLeast(8_000)).andRatio(new Limit.AtLeast(0.4)).text())
        .isEqualTo("≥ 8,000, ratio ≥ 0.4");
  }

  @Test
  void keepsItsDetailsInOrder() {
    var row = row(1, Bar.NONE).with("p50", 1, "ms").with("p99", 2, "ms");

    assertThat(row.details())
        .isEqualTo(List.of(new Detail("p50", 1, "ms"), new Detail("p99", 2, "ms")));
  }

  private static Row row(double value, Bar bar) {
    return Row.of("name", value, "unit", bar);
  }
}
