package dev.pawl.testkit.compat;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What a check came to.
///
/// @param runs how many runs were looked at
/// @param findings what was found, what concerns most runs first; alike findings are one
/// @param unlisted how many more times something was found that is not listed, because there are
///   1,000 different findings already
public record Report(long runs, List<Found> findings, long unlisted) {
  /// Copies the list.
  public Report {
    findings = List.copyOf(findings);
  }

  /// Whether nothing was found.
  public boolean isClean() {
    return findings.isEmpty();
  }

  /// Throws if something was found: the last line of a test.
  ///
  /// @throws AssertionError with a line for each finding
  public void verify() {
    if (!isClean()) {
      throw new AssertionError(toString());
    }
  }

  /// A line for each finding, and one that counts the runs.
  @Override
  public String toString() {
    var lines =
        findings.stream().map(found -> found.message() + '\n').collect(Collectors.joining());
    var more =
        unlisted == 0
            ? ""
            : String.format(Locale.ROOT, "and %,d more that are not listed%n", unlisted);
    return lines + more + String.format(Locale.ROOT, "%,d runs checked", runs);
  }
}
