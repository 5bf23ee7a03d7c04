package dev.pawl.mutants;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamException;
import org.pitest.mutationtest.commandline.MutationCoverageReport;

/// Mutates a part of the core and runs the tests against it. It takes a while.
///
/// Fails on any JDK but 25, when there was no mutant, and when fewer were killed than must be.
/// PIT's default mutators, no exclusions, and the random tests with a fixed seed.
public final class Main {
  private static final int JDK = 25;
  private static final List<String> MODULES = List.of("pawl-core", "pawl-testkit", "pawl-jdbc");

  private Main() {}

  /// Runs it.
  ///
  /// @param args `run` or `core`; the directory of the clone; where the report goes
  public static void main(String[] args) throws IOException, XMLStreamException {
    if (Runtime.version().feature() != JDK) {
      throw new IllegalStateException("needs JDK 25, and this is " + Runtime.version());
    }
    var scope = Scope.named(args[0]);
    var root = Path.of(args[1]);
    var reports = Path.of(args[2]);
    Files.deleteIfExists(reports.resolve("mutations.xml"));
    MutationCoverageReport.main(options(scope, root, reports).toArray(String[]::new));

    var packages = Tally.read(reports.resolve("mutations.xml"));
    packages.forEach((name, tally) -> System.out.println(tally.shown(name)));
    var all = packages.values().stream().reduce(Tally.NONE, Tally::plus);
    System.out.println(all.shown(args[0]) + ", needs " + scope.percent() + " %");
    System.exit(all.reaches(scope.percent()) ? 0 : 1);
  }

  private static List<String> options(Scope scope, Path root, Path reports) {
    var core = root.resolve("pawl-core");
    var classPath =
        Stream.concat(
                MODULES.stream()
                    .map(module -> root.resolve(module + "/target/test-classes").toString()),
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)))
            .toList();
    var options = new ArrayList<String>();
    options.addAll(List.of("--targetClasses", String.join(",", scope.classes())));
    options.addAll(List.of("--targetTests", String.join(",", scope.tests())));
    options.addAll(List.of("--mutableCodePaths", core.resolve("target/classes").toString()));
    options.addAll(List.of("--sourceDirs", core.resolve("src/main/java").toString()));
    options.addAll(List.of("--classPath", String.join(",", classPath)));
    options.addAll(List.of("--reportDir", reports.toString(), "--outputFormats", "XML,HTML"));
    options.addAll(List.of("--timestampedReports=false", "--failWhenNoMutations=true"));
    options.addAll(List.of("--threads", "2", "--jvmArgs", "-Dseed=1,-Xmx1g"));
    return options;
  }
}
