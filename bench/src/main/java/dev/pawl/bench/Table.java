package dev.pawl.bench;

import dev.pawl.bench.measure.Detail;
import dev.pawl.bench.measure.Figures;
import dev.pawl.bench.measure.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Writes a report as text in columns.
final class Table {
  private static final List<String> HEADS =
      List.of("name", "value", "unit", "baseline", "ratio", "bar", "pass", "details");
  private static final String GAP = "  ";

  private Table() {}

  /// The whole report, with a line of the machine above it.
  static String of(Report report) {
    var lines = new ArrayList<List<String>>();
    lines.add(HEADS);
    for (var outcome : report.outcomes()) {
      switch (outcome) {
        case Outcome.Measured measured ->
            measured.rows().forEach(row -> lines.add(line(measured.scenario(), row)));
        case Outcome.Broken broken ->
            lines.add(
                List.of(broken.scenario(), "", "", "", "", "", "NO", "broken: " + broken.reason()));
      }
    }
    return report.machine().text()
        + "\nmedian of %d, seed %d\n\n".formatted(report.repetitions(), report.seed())
        + aligned(lines);
  }

  private static List<String> line(String scenario, Row row) {
    return List.of(
        scenario + ": " + row.name(),
        Figures.format(row.value()),
        row.unit(),
        row.baseline().isPresent() ? Figures.format(row.baseline().getAsDouble()) : "",
        row.ratio().isPresent() ? Figures.format(row.ratio().getAsDouble()) : "",
        row.bar().text(),
        row.passes() ? "yes" : "NO",
        row.details().stream().map(Detail::text).collect(Collectors.joining(", ")));
  }

  private static String aligned(List<List<String>> lines) {
    var widths = new int[HEADS.size()];
    for (var line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    var text = new StringBuilder();
    for (var line : lines) {
      var padded = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        var cell = line.get(i);
        var pad = " ".repeat(widths[i] - cell.length());
        padded.append(isFigure(i) ? pad + cell : cell + pad).append(GAP);
      }
      text.append(padded.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static boolean isFigure(int column) {
    return switch (HEADS.get(column)) {
      case "value", "baseline", "ratio" -> true;
      default -> false;
    };
  }
}
