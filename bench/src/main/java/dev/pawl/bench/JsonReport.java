package dev.pawl.bench;

import dev.pawl.bench.measure.Row;
import java.util.OptionalDouble;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes a report as JSON: one object, with an object for each row in `rows`.
///
/// A scenario that could not be measured has one row, without figures and with an `error`. A figure
/// that is missing or no number is null.
final class JsonReport {
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private JsonReport() {}

  static String of(Report report) {
    var root = MAPPER.createObjectNode();
    var machine = root.putObject("machine");
    machine.put("processors", report.machine().processors());
    machine.put("processor", report.machine().processor());
    machine.put("memory", report.machine().memory());
    machine.put("system", report.machine().system());
    machine.put("java", report.machine().java());
    root.put("repetitions", report.repetitions());
    root.put("seed", report.seed());
    root.put("pass", report.passes());
    var rows = root.putArray("rows");
    for (var outcome : report.outcomes()) {
      switch (outcome) {
        case Outcome.Measured measured ->
            measured.rows().forEach(row -> put(rows.addObject(), measured.scenario(), row));
        case Outcome.Broken broken ->
            rows.addObject()
                .put("scenario", broken.scenario())
                .put("error", broken.reason())
                .put("pass", false);
      }
    }
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  private static void put(ObjectNode node, String scenario, Row row) {
    node.put("scenario", scenario);
    node.put("name", row.name());
    put(node, "value", OptionalDouble.of(row.value()));
    node.put("unit", row.unit());
    put(node, "baseline", row.baseline());
    put(node, "ratio", row.ratio());
    node.put("bar", row.bar().text());
    node.put("pass", row.passes());
    var details = node.putArray("details");
    for (var detail : row.details()) {
      var added = details.addObject().put("name", detail.name());
      put(added, "value", OptionalDouble.of(detail.value()));
      added.put("unit", detail.unit());
    }
  }

  private static void put(ObjectNode node, String name, OptionalDouble figure) {
    if (figure.isPresent() && Double.isFinite(figure.getAsDouble())) {
      node.put(name, figure.getAsDouble());
    } else {
      node.putNull(name);
    }
  }
}
