package dev.pawl.parity;

import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A feature of a replaced system, and what became of it.
///
/// @param line where it stands in the document
/// @param evidence the tests in back quotes where `state` asks for them, else a reason
record Row(int line, String feature, String state, String evidence) {
  private static final Pattern QUOTED = Pattern.compile("`([^`]*)`");

  /// The tests that it names, if its state asks for tests.
  List<NamedTest> tests() {
    return asksForTests()
        ? quoted().map(NamedTest::of).flatMap(Optional::stream).toList()
        : List.of();
  }

  /// What is wrong with the row itself, whether its tests exist or not.
  List<String> flaws() {
    return switch (state) {
      case "done", "covered by" -> flawsOfTests();
      case "later", "not needed" -> evidence.isBlank() ? List.of(at("gives no reason")) : List.of();
      default -> List.of(at("has the unknown state \"" + state + "\""));
    };
  }

  /// A complaint about this row.
  String at(String complaint) {
    return "line " + line + ", \"" + feature + "\": " + complaint;
  }

  private boolean asksForTests() {
    return state.equals("done") || state.equals("covered by");
  }

  private List<String> flawsOfTests() {
    if (quoted().findAny().isEmpty()) {
      return List.of(at("is " + state + " but names no test"));
    }
    return quoted()
        .filter(text -> NamedTest.of(text).isEmpty())
        .map(text -> at("`" + text + "` is no name of a test"))
        .toList();
  }

  private Stream<String> quoted() {
    return QUOTED.matcher(evidence).results().map((MatchResult match) -> match.group(1));
  }
}
