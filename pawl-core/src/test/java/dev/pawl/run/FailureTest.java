package dev.pawl.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FailureTest {
  @Test
  void isTheSameAsOneThatReadsTheSame() {
    var failure = new Failure("a", 1, "e", Optional.of(new IllegalStateException("gone")));
    var read = new Failure("a", 1, "e", Optional.empty());

    assertThat(failure).isEqualTo(read).hasSameHashCodeAs(read);
    assertThat(failure)
        .isNotEqualTo(new Failure("b", 1, "e", Optional.empty()))
        .isNotEqualTo(new Failure("a", 2, "e", Optional.empty()))
        .isNotEqualTo(new Failure("a", 1, "f", Optional.empty()))
        .isNotEqualTo("a")
        .doesNotHaveSameHashCodeAs(new Failure("b", 1, "e", Optional.empty()));
  }

  @Test
  void describesAnErrorByItsTypeAndMessageIfItHasOne() {
    assertThat(Failure.describe(new IllegalStateException("gone")))
        .isEqualTo("java.lang.IllegalStateException: gone");
    assertThat(Failure.describe(new IllegalStateException()))
        .isEqualTo("java.lang.IllegalStateException");
  }
}
