package dev.pawl.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Runs in the last module of the build, when the tests of all others have reported.
final class ParityTest {
  /// The reports of this module are not complete while this test runs.
  private static final String OWN_MODULE = "bench";

  private Path root;
  private ParityTables tables;

  @BeforeEach
  void readDocument() throws Exception {
    root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("docs/parity.md"))) {
      root = root.getParent();
    }
    tables = ParityTables.parse(Files.readAllLines(root.resolve("docs/parity.md")));
  }

  @Test
  void hasATableForEachReplacedSystem() {
    assertThat(tables.byLetter().sequencedKeySet()).containsExactly("A", "B", "C", "D", "E");
  }

  @Test
  void givesATestOrAReasonInEachRow() {
    assertThat(tables.flaws()).isEmpty();
  }

  @Test
  void namesTestsThatExist() throws Exception {
    var sources = TestSources.read(root);
    var complaints = new ArrayList<String>();

    for (var row : tables.rows()) {
      row.tests().forEach(test -> sources.complaint(test).map(row::at).ifPresent(complaints::add));
    }

    assertThat(complaints).isEmpty();
  }

  /// A build of chosen tests (`-Dtest=…`), or a run outside of the build, has not the reports.
  @Test
  void namesTestsThatRan() throws Exception {
    assumeTrue(System.getProperty("surefire.real.class.path") != null, "not run by the build");
    assumeTrue(System.getProperty("test") == null, "a build of chosen tests");
    var sources = TestSources.read(root);
    var reports = TestReports.read(root);
    var complaints = new ArrayList<String>();

    for (var row : tables.rows()) {
      row.tests().stream()
          .filter(test -> !sources.isIn(OWN_MODULE, test))
          .forEach(test -> reports.complaint(test).map(row::at).ifPresent(complaints::add));
    }

    assertThat(complaints).isEmpty();
  }
}
