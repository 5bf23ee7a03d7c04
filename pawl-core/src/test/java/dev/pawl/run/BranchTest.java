package dev.pawl.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class BranchTest {
  @Test
  void knowsItsPlaceByItsName() {
    assertThat(named("").isRoot()).isTrue();
    assertThat(named("/1.0").isRoot()).isFalse();
    assertThat(named("/1.7").parent()).isEmpty();
    assertThat(named("/1.7/3.12").parent()).isEqualTo("/1.7");
    assertThat(named("/1.7/3.12").index()).isEqualTo(12);
  }

  @Test
  void isBelowItsAncestorsAndNoOthers() {
    var branch = named("/1.1/2.0");

    assertThat(branch.isBelow(named(""))).isTrue();
    assertThat(branch.isBelow(named("/1.1"))).isTrue();
    assertThat(branch.isBelow(branch)).isFalse();
    assertThat(branch.isBelow(named("/1.1/2.0/1.0"))).isFalse();
    assertThat(branch.isBelow(named("/1.0"))).isFalse();
    assertThat(named("/1.10").isBelow(named("/1.1"))).isFalse();
  }

  private static Branch named(String id) {
    return Branch.entering(id, 0, 1, "state", 0, Instant.EPOCH);
  }
}
