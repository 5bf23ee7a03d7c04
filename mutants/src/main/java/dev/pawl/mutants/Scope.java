package dev.pawl.mutants;

import java.util.List;

/// What is mutated, the tests that have to notice, and how many mutants they have to kill.
///
/// @param classes patterns of the classes to mutate
/// @param tests patterns of the classes of tests
/// @param percent how many of a hundred mutants must be killed
record Scope(List<String> classes, List<String> tests, int percent) {
  private static final Scope RUN =
      new Scope(List.of("dev.pawl.run.*"), List.of("dev.pawl.run.*"), 80);

  private static final Scope CORE =
      new Scope(
          List.of("dev.pawl.*"),
          List.of("dev.pawl.*Test", "dev.pawl.engine.*", "dev.pawl.testkit.*Test"),
          65);

  /// The scope of a name.
  ///
  /// @throws IllegalArgumentException if there is none
  static Scope named(String name) {
    return switch (name) {
      case "run" -> RUN;
      case "core" -> CORE;
      default -> throw new IllegalArgumentException("-Dmutants=" + name + ": run or core");
    };
  }
}
