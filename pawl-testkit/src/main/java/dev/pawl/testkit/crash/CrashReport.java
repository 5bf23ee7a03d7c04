package dev.pawl.testkit.crash;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// What came of killing a program.
///
/// @param seed what the kills were drawn from
/// @param kills processes that were killed
/// @param rounds how often the program came to its end
/// @param phases how many kills met which phase, in the order that the audit gave
/// @param findings what was wrong, a line each
/// @param took how long it all took
public record CrashReport(
    long seed,
    int kills,
    int rounds,
    Map<String, Integer> phases,
    List<String> findings,
    Duration took) {
  /// Copies the collections, in their order.
  public CrashReport {
    phases = Collections.unmodifiableMap(new LinkedHashMap<>(phases));
    findings = List.copyOf(findings);
  }

  /// One JSON object in a line: `kills`, `rounds`, `seed`, `findings` (how many), `seconds`,
  /// `phases` and `lines` (the findings).
  public String json() {
    var tree =
        new JsonMapper()
            .createObjectNode()
            .put("kills", kills)
            .put("rounds", rounds)
            .put("seed", seed)
            .put("findings", findings.size())
            .put("seconds", took.toNanos() / 1e9);
    var byPhase = tree.putObject("phases");
    phases.forEach(byPhase::put);
    var lines = tree.putArray("lines");
    findings.forEach(lines::add);
    return tree.toString();
  }

  /// A table for people: a line for each figure and each finding.
  public String table() {
    var text = new StringBuilder();
    line(text, "kills", Integer.toString(kills));
    phases.forEach((phase, count) -> line(text, "  " + phase, Integer.toString(count)));
    line(text, "rounds", Integer.toString(rounds));
    line(text, "seed", Long.toString(seed));
    line(text, "seconds", String.format(Locale.ROOT, "%.1f", took.toNanos() / 1e9));
    line(text, "findings", Integer.toString(findings.size()));
    findings.forEach(finding -> text.append("  ").append(finding).append('\n'));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-20s %s%n", name, value));
  }
}
