package dev.pawl.mutants;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is mutated, and how many mutants must be killed.
///
/// @param parts what is mutated together
/// @param percent how many of a hundred mutants must be killed
record Scope(List<Part> parts, int percent) {
  /// A package, and those below it that are no parts of their own.
  ///
  /// @param name its name, without the `dev.pawl` before it
  /// @param others patterns of the classes below it that belong to other parts
  /// @param tests patterns of the classes of tests that have to notice
  record Part(String name, List<String> others, List<String> tests) {
    /// The pattern of the classes to mutate, those of `others` among them.
    String classes() {
      return pattern(name);
    }
  }

  /// Tests that wait for seconds, which each mutant that survives would wait for.
  static final List<String> SLOW = List.of("dev.pawl.engine.WaitsTest");

  private static final List<String> ON_THREADS =
      List.of(
          "dev.pawl.engine.BudgetTest",
          "dev.pawl.engine.CancellationTest",
          "dev.pawl.engine.DurableEngineTest");

  /// The tests of a package that do not stand in it. Of the tests of engines those that are done
  /// within moments, because each mutant that survives has passed all that reach it.
  private static final Map<String, List<String>> ELSEWHERE =
      Map.ofEntries(
          entry("connect", List.of("dev.pawl.behaviour.ConnectorsTest")),
          entry(
              "engine",
              List.of(
                  "dev.pawl.testkit.FaultsTest",
                  "dev.pawl.testkit.simulation.FoundBySimulationTest",
                  "dev.pawl.behaviour.BranchesTest",
                  "dev.pawl.behaviour.HooksTest",
                  "dev.pawl.behaviour.InterventionTest",
                  "dev.pawl.behaviour.KeysTest",
                  "dev.pawl.behaviour.ListenersTest",
                  "dev.pawl.behaviour.RunsTest",
                  "dev.pawl.behaviour.SignalsTest",
                  "dev.pawl.behaviour.VersionsTest")),
          entry("engine.commit", ON_THREADS),
          entry(
              "engine.outbox",
              List.of("dev.pawl.behaviour.HooksTest", "dev.pawl.behaviour.PublishingTest")),
          entry("engine.pace", ON_THREADS),
          entry("engine.schedule", List.of("dev.pawl.testkit.TestSchedulesTest")),
          entry(
              "engine.slots",
              List.of("dev.pawl.behaviour.SchedulesTest", "dev.pawl.testkit.TestSchedulesTest")),
          entry("engine.turns", ON_THREADS),
          entry(
              "engine.value",
              List.of(
                  "dev.pawl.engine.DurableEngineTest",
                  "dev.pawl.behaviour.SagasTest",
                  "dev.pawl.behaviour.SignalsTest",
                  "dev.pawl.behaviour.VersionsTest")),
          entry(
              "store",
              List.of(
                  "dev.pawl.testkit.conformance.MemoryStoreTest",
                  "dev.pawl.testkit.conformance.MemoryStreamTest")),
          entry("stream", List.of("dev.pawl.testkit.conformance.MemoryStreamTest")));

  /// The scope of a name: `core` is all of the core, and the name of a part is that part.
  ///
  /// @param packages the packages that are parts, without the `dev.pawl` before them
  /// @throws IllegalArgumentException if there is none
  static Scope named(String name, Set<String> packages) {
    if (name.equals("core")) {
      return new Scope(packages.stream().sorted().map(each -> part(each, packages)).toList(), 65);
    }
    if (!packages.contains(name)) {
      throw new IllegalArgumentException("-Dmutants=" + name + ": core, or one of " + packages);
    }
    return new Scope(List.of(part(name, packages)), name.equals("run") ? 80 : 65);
  }

  private static Part part(String name, Set<String> packages) {
    var others =
        packages.stream()
            .filter(other -> other.startsWith(name + "."))
            .sorted()
            .map(Scope::pattern)
            .toList();
    var tests = new ArrayList<String>();
    tests.add(pattern(name));
    tests.addAll(ELSEWHERE.getOrDefault(name, List.of()));
    return new Part(name, others, List.copyOf(tests));
  }

  private static String pattern(String name) {
    return "dev.pawl." + name + ".*";
  }
}
