package dev.pawl.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0          | 0",
        "30         | 30",
        "-4         | -4",
        "8000       | 8,000",
        "1234567.89 | 1,234,568",
        "123.456    | 123",
        "99.951     | 100",
        "92.24      | 92.2",
        "9.0049     | 9",
        "0.40004    | 0.4",
        "0.041234   | 0.0412",
        "NaN        | NaN",
      })
  void writesThreeDigitsAndCommas(double figure, String text) {
    assertThat(Figures.format(figure)).isEqualTo(text);
  }

  @Test
  void takesTheMiddleOfAnOddNumber() {
    assertThat(Figures.median(9, 1, 5)).isEqualTo(5);
  }

  @Test
  void takesTheMeanOfTheMiddleTwoOfAnEvenNumber() {
    assertThat(Figures.median(9, 1, 5, 7)).isEqualTo(6);
  }

  @Test
  void leavesTheFiguresInTheirOrder() {
    var figures = new double[] {3, 1, 2};

    Figures.median(figures);

    assertThat(figures).containsExactly(3, 1, 2);
  }

  @Test
  void hasNoMedianOfNothing() {
    assertThatIllegalArgumentException().isThrownBy(Figures::median);
  }
}
