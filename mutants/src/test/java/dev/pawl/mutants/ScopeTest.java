package dev.pawl.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ScopeTest {
  private static final Set<String> PACKAGES = Set.of("run", "store", "another");

  @Test
  void hasEveryPackageOfTheCore() {
    var scope = Scope.named("core", PACKAGES);

    assertThat(scope.parts().stream().map(Scope.Part::classes))
        .containsExactly("dev.pawl.another.*", "dev.pawl.run.*", "dev.pawl.store.*");
    assertThat(scope.percent()).isEqualTo(65);
  }

  @Test
  void hasOnePackageByItsName() {
    var scope = Scope.named("run", PACKAGES);

    assertThat(scope.parts().stream().map(Scope.Part::classes)).containsExactly("dev.pawl.run.*");
    assertThat(scope.percent()).isEqualTo(80);
  }

  @Test
  void leavesToPartsBelowWhatIsTheirs() {
    var scope = Scope.named("core", Set.of("engine", "engine.value", "engines"));

    assertThat(scope.parts().stream().map(Scope.Part::others))
        .containsExactly(List.of("dev.pawl.engine.value.*"), List.of(), List.of());
  }

  @Test
  void isNotOfAPackageThatIsNotThere() {
    assertThatThrownBy(() -> Scope.named("runs", PACKAGES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-Dmutants=runs");
  }
}
