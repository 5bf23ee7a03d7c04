package dev.pawl.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NewestTest {
  @Test
  void keepsOfEachBranchWhatHappenedSinceItLeftANode() {
    assertThat(newest("/1.0 stays", "/1.0 leaves", "/1.1 stays", "/1.0 stays"))
        .containsExactly("/1.0 leaves", "/1.1 stays", "/1.0 stays");
  }

  @Test
  void dropsWhatHappenedBelowABranchBeforeItLeftANode() {
    assertThat(
            newest(
                "/1.0 leaves", "/1.0/1.0 stays", "/1.0 leaves", "/1.01 stays", "/1.0/2.0 leaves"))
        .containsExactly("/1.0 leaves", "/1.01 stays", "/1.0/2.0 leaves");
  }

  @Test
  void dropsEverythingBeforeTheRootLeftANode() {
    assertThat(newest(" stays", "/1.0/1.0 leaves", " leaves", "/2.0 stays"))
        .containsExactly(" leaves", "/2.0 stays");
  }

  private static List<String> newest(String... history) {
    return Newest.of(
        List.of(history),
        entry -> entry.substring(0, entry.indexOf(' ')),
        entry -> entry.endsWith(" leaves"));
  }
}
