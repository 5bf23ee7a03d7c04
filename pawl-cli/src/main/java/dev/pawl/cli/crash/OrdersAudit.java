package dev.pawl.cli.crash;

import dev.pawl.testkit.crash.CrashAudit;
import dev.pawl.testkit.crash.Moment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Audits the files of the demonstration after each death, and its summary after each round.
final class OrdersAudit implements CrashAudit {
  private static final List<String> COMPARED =
      List.of("runs", "completed", "failed", "invalid", "ordersTotal", "bankTotal");
  private final Path db;
  private final JsonNode expected;
  private int round;
  private Audit before;
  private Audit now;

  /// @param expected the summary of a run that nobody disturbed
  OrdersAudit(Path db, JsonNode expected) {
    this.db = db;
    this.expected = expected;
    this.before = Audit.empty(db);
    this.now = before;
  }

  @Override
  public List<String> findings(Moment moment) throws Exception {
    before = moment.round() == round ? now : Audit.empty(db);
    round = moment.round();
    now = Audit.of(db, moment.kills());
    var findings = new ArrayList<>(now.findings());
    if (!moment.killed() && moment.exit() <= 1) {
      compare(new JsonMapper().readTree(Files.readString(moment.output())), findings);
    }
    return findings;
  }

  @Override
  public String phase(Moment moment) {
    return now.phase(before).label;
  }

  @Override
  public List<String> phases() {
    return Stream.of(Phase.values()).map(phase -> phase.label).toList();
  }

  private void compare(JsonNode summary, List<String> findings) {
    for (var name : COMPARED) {
      if (!expected.get(name).equals(summary.get(name))) {
        findings.add(
            "round "
                + round
                + ": "
                + name
                + " is "
                + summary.get(name)
                + ", undisturbed "
                + expected.get(name));
      }
    }
    if (!summary.get("ordersTotal").equals(summary.get("bankTotal"))) {
      findings.add("round " + round + ": the totals differ: " + summary);
    }
  }
}
