package dev.pawl.bench;

import dev.pawl.bench.measure.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// Finds scenarios by name.
final class Catalogue {
  private static final int FAR = 4;
  private final List<Scenario> scenarios;

  Catalogue(List<Scenario> scenarios) {
    this.scenarios = List.copyOf(scenarios);
  }

  /// Why these names cannot be measured: the first that is not known, the known one that is nearest
  /// to it, and all that are known. Empty if they can.
  Optional<String> problem(List<String> names) {
    var known = scenarios.stream().map(Scenario::name).toList();
    return names.stream()
        .filter(name -> !known.contains(name))
        .findFirst()
        .map(name ->
            "there is no measurement '%s'%s there are: %s"
                .formatted(
                    name,
                    nearest(name, known).map("; did you mean '%s'?"::formatted).orElse(";"),
                    String.join(", ", known)));
  }

  /// The scenarios with these names, in the order of the catalogue; all without names.
  List<Scenario> select(List<String> names) {
    return scenarios.stream()
        .filter(scenario -> names.isEmpty() || names.contains(scenario.name()))
        .toList();
  }

  /// A line for each scenario, with its name and what it measures.
  String listing() {
    int width = scenarios.stream().mapToInt(scenario -> scenario.name().length()).max().orElse(0);
    return scenarios.stream()
        .map(scenario ->
            "  "
                + scenario.name()
                + " ".repeat(width - scenario.name().length() + 2)
                + scenario.about()
                + "\n")
        .collect(Collectors.joining());
  }

  private static Optional<String> nearest(String name, List<String> known) {
    var asked = name.toLowerCase(Locale.ROOT);
    var near = Optional.<String>empty();
    int best = FAR;
    for (var candidate : known) {
      int distance = candidate.startsWith(asked) ? 0 : distance(asked, candidate);
      if (distance < best) {
        best = distance;
        near = Optional.of(candidate);
      }
    }
    return near;
  }

  /// How many characters have to be added, removed or replaced to make one of the other.
  private static int distance(String one, String other) {
    var above = new ArrayList<Integer>();
    for (int j = 0; j <= other.length(); j++) {
      above.add(j);
    }
    for (int i = 1; i <= one.length(); i++) {
      var row = new ArrayList<Integer>();
      row.add(i);
      for (int j = 1; j <= other.length(); j++) {
        int replaced = above.get(j - 1) + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        row.add(Math.min(replaced, 1 + Math.min(above.get(j), row.get(j - 1))));
      }
      above = row;
    }
    return above.getLast();
  }
}
