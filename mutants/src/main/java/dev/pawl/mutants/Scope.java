package dev.pawl.mutants;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What is mutated, and how many mutants must be killed.
///
/// @param parts what is mutated together
/// @param percent how many of a hundred mutants must be killed
record Scope(List<Part> parts, int percent) {
  /// Packages that are mutated, and the tests that have to notice.
  ///
  /// @param name the outermost of the packages, below `dev.pawl`
  /// @param tests patterns of the classes of tests
  /// @param slow those of them that are not run
  record Part(String name, List<String> tests, List<String> slow) {
    /// The pattern of the classes to mutate.
    String classes() {
      return "dev.pawl." + name + ".*";
    }
  }

  /// Where other modules test a part. Of the tests of engines those that are done within moments:
  /// each mutant that survives has passed all that reach it.
  private static final Map<String, List<String>> ELSEWHERE =
      Map.of(
          "store", List.of("dev.pawl.testkit.conformance.MemoryStoreTest"),
          "engine",
              List.of(
                  "dev.pawl.testkit.FaultsTest",
                  "dev.pawl.testkit.NodeKindsTest",
                  "dev.pawl.testkit.simulation.FoundBySimulationTest",
                  "dev.pawl.behaviour.BranchesTest",
                  "dev.pawl.behaviour.FailureTest",
                  "dev.pawl.behaviour.InterventionTest",
                  "dev.pawl.behaviour.KeysTest",
                  "dev.pawl.behaviour.LimitsTest",
                  "dev.pawl.behaviour.PartsTest",
                  "dev.pawl.behaviour.RunsTest"));

  /// Tests that wait for seconds, which every mutant of an engine would wait for.
  private static final List<String> SLOW = List.of("dev.pawl.engine.WaitsTest");

  /// The scope of a name: `core` is all of the core, and the name of a part is that part.
  ///
  /// @param packages the packages of the core just below `dev.pawl`
  /// @throws IllegalArgumentException if there is none
  static Scope named(String name, Set<String> packages) {
    if (name.equals("core")) {
      return new Scope(packages.stream().sorted().map(Scope::part).toList(), 65);
    }
    if (!packages.contains(name)) {
      throw new IllegalArgumentException("-Dmutants=" + name + ": core, or one of " + packages);
    }
    return new Scope(List.of(part(name)), name.equals("run") ? 80 : 65);
  }

  private static Part part(String name) {
    var tests =
        Stream.concat(
            Stream.of("dev.pawl." + name + ".*"), ELSEWHERE.getOrDefault(name, List.of()).stream());
    return new Part(name, tests.toList(), SLOW);
  }
}
