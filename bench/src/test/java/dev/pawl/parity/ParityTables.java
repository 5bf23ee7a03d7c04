package dev.pawl.parity;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// The tables of the document, by the letter that begins their heading (`## A. …`).
record ParityTables(SequencedMap<String, List<Row>> byLetter) {
  private static final String HEADER = "| row | state | test or reason |";

  /// Reads a document.
  ///
  /// @throws IllegalArgumentException if a line is part of a table and cannot be read
  static ParityTables parse(List<String> lines) {
    var tables = new LinkedHashMap<String, List<Row>>();
    var letter = "";
    for (int i = 0; i < lines.size(); i++) {
      var line = lines.get(i).strip();
      if (line.startsWith("## ")) {
        letter = line.matches("## [A-Z]\\. .+") ? line.substring(3, 4) : "";
      }
      if (line.startsWith("|") && !letter.isEmpty() && !isHeader(line)) {
        tables.computeIfAbsent(letter, unseen -> new ArrayList<>()).add(row(i + 1, line));
      }
    }
    return new ParityTables(tables);
  }

  List<Row> rows() {
    return byLetter.values().stream().flatMap(List::stream).toList();
  }

  /// What is wrong with the rows themselves: unknown states, no test, no reason, written twice.
  List<String> flaws() {
    var flaws = new ArrayList<String>();
    for (var rows : byLetter.values()) {
      var features = new HashSet<String>();
      for (var row : rows) {
        flaws.addAll(row.flaws());
        if (!features.add(row.feature())) {
          flaws.add(row.at("stands twice in its table"));
        }
      }
    }
    return flaws;
  }

  /// How many rows have which state, by letter.
  Map<String, Map<String, Long>> counts() {
    var counts = new LinkedHashMap<String, Map<String, Long>>();
    byLetter.forEach((letter, rows) -> {
      var states = new LinkedHashMap<String, Long>();
      rows.forEach(row -> states.merge(row.state(), 1L, Long::sum));
      counts.put(letter, states);
    });
    return counts;
  }

  private static boolean isHeader(String line) {
    return line.equals(HEADER) || line.matches("\\|(\\s*:?-+:?\\s*\\|)+");
  }

  private static Row row(int number, String line) {
    var cells = line.split("(?<!\\\\)\\|", -1);
    if (cells.length != 5 || !cells[4].isBlank()) {
      throw new IllegalArgumentException("line " + number + " has not three cells: " + line);
    }
    return new Row(number, cells[1].strip(), cells[2].strip(), cells[3].strip());
  }
}
