package dev.pawl.mutants;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamException;
import org.pitest.mutationtest.commandline.MutationCoverageReport;

/// Mutates the core, or a part of it, and runs the tests against it. It takes a while.
///
/// Fails on any JDK but 25, when there was no mutant, and when fewer were killed than must be.
/// PIT's default mutators, no exclusions, and the random tests with a fixed seed and few cases.
public final class Main {
  private static final int JDK = 25;
  private static final List<String> MODULES = List.of("pawl-core", "pawl-testkit", "pawl-jdbc");

  private final Path root;
  private final Path reports;

  private Main(Path root, Path reports) {
    this.root = root;
    this.reports = reports;
  }

  /// Runs it.
  ///
  /// @param args `core`, or a package of it such as `run`; the directory of the clone; where the
  ///   reports go
  public static void main(String[] args) throws IOException, XMLStreamException {
    if (Runtime.version().feature() != JDK) {
      throw new IllegalStateException("needs JDK 25, and this is " + Runtime.version());
    }
    var main = new Main(Path.of(args[1]), Path.of(args[2]));
    var scope = Scope.named(args[0], main.packages());
    var packages = new TreeMap<String, Tally>();
    for (var part : scope.parts()) {
      packages.putAll(main.mutate(part));
    }
    packages.forEach((name, tally) -> System.out.println(tally.shown(name)));
    var all = packages.values().stream().reduce(Tally.NONE, Tally::plus);
    System.out.println(all.shown(args[0]) + ", needs " + scope.percent() + " %");
    System.exit(all.reaches(scope.percent()) ? 0 : 1);
  }

  /// The packages just below `dev.pawl`, and those of the engine, which are many and slow to test.
  private Set<String> packages() throws IOException {
    var packages = new TreeSet<String>(below("dev/pawl"));
    below("dev/pawl/engine").forEach(name -> packages.add("engine." + name));
    return packages;
  }

  private List<String> below(String directory) throws IOException {
    try (var files = Files.list(classes().resolve(directory))) {
      return files.filter(Files::isDirectory).map(each -> each.getFileName().toString()).toList();
    }
  }

  private Path classes() {
    return root.resolve("pawl-core/target/classes");
  }

  private Map<String, Tally> mutate(Scope.Part part) throws IOException, XMLStreamException {
    var directory = reports.resolve(part.name());
    var report = directory.resolve("mutations.xml");
    Files.deleteIfExists(report);
    MutationCoverageReport.main(options(part, directory).toArray(String[]::new));
    return Files.exists(report) ? Tally.read(report) : Map.of(); // a package may hold no code
  }

  private List<String> options(Scope.Part part, Path directory) {
    var classPath =
        Stream.concat(
                MODULES.stream()
                    .map(module -> root.resolve(module + "/target/test-classes").toString()),
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)))
            .toList();
    var options = new ArrayList<String>();
    options.addAll(List.of("--targetClasses", part.classes()));
    if (!part.others().isEmpty()) {
      options.addAll(List.of("--excludedClasses", String.join(",", part.others())));
    }
    options.addAll(List.of("--targetTests", String.join(",", part.tests())));
    options.addAll(List.of("--excludedTestClasses", String.join(",", Scope.SLOW)));
    options.addAll(List.of("--mutableCodePaths", classes().toString()));
    options.addAll(List.of("--sourceDirs", root.resolve("pawl-core/src/main/java").toString()));
    options.addAll(List.of("--classPath", String.join(",", classPath)));
    options.addAll(List.of("--reportDir", directory.toString(), "--outputFormats", "XML,HTML"));
    options.addAll(List.of("--timestampedReports=false", "--failWhenNoMutations=false"));
    options.addAll(List.of("--threads", "2"));
    options.addAll(List.of("--jvmArgs", "-Dseed=1,-Dcases=300,-Xmx1g,-XX:TieredStopAtLevel=1"));
    return options;
  }
}
