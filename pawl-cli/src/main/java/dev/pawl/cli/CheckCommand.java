package dev.pawl.cli;

import dev.pawl.jdbc.SqliteStore;
import dev.pawl.testkit.compat.Compatibility;
import dev.pawl.testkit.compat.Found;
import dev.pawl.testkit.compat.Report;
import dev.pawl.workflow.PawlException;
import dev.pawl.workflow.Workflow;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// Holds the open runs of a store, and recorded ones, against the workflows of a build.
@Command(
    name = "check",
    description = {
      "Tells whether runs of older builds can go on with the workflows of this one:",
      "whether it has the versions and nodes that they need, can read their states,",
      "and would take the same edges again. Only reads; an engine may run meanwhile."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Nothing was found",
      "1:Something was found",
      "2:Unusable arguments",
      "4:The store or a recording cannot be read"
    })
final class CheckCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--db",
      paramLabel = "FILE",
      description = "The store's file; pawl.db, unless --recordings is given.")
  private Optional<Path> db;

  @Option(
      names = "--recordings",
      paramLabel = "DIR",
      description = "Recorded runs: a folder of *.jsonl files, or one file.")
  private Optional<Path> recordings;

  @Option(
      names = "--workflows",
      paramLabel = "CLASS",
      split = ",",
      defaultValue = "dev.pawl.examples.Orders",
      description =
          "Classes with workflows: public static fields of type Workflow, and public static"
              + " methods of that type without parameters. Without it, that of the demonstration.")
  private List<String> workflows;

  @Option(
      names = "--class-path",
      paramLabel = "JARS",
      description = "Jars and folders with these classes and what they need, parted as for java.")
  private Optional<String> classPath;

  @Option(names = "--json", description = "Prints one JSON object instead of lines.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    try (var classes = WorkflowClasses.on(classPath())) {
      var compatibility = compatibility(classes);
      var stored = stored(compatibility);
      var recorded = recorded(compatibility);
      print(stored, recorded);
      return Stream.concat(stored.stream(), recorded.stream()).allMatch(Report::isClean) ? 0 : 1;
    } catch (WorkflowClasses.Unusable e) {
      throw unusable("--class-path: " + e.getMessage(), e);
    } catch (PawlException e) {
      spec.commandLine().getErr().println(OrdersCommand.oneLine(String.valueOf(e.getMessage())));
      spec.commandLine().getErr().flush();
      return 4;
    }
  }

  private CommandLine.ParameterException unusable(String message, Exception cause) {
    return new CommandLine.ParameterException(
        spec.commandLine(), OrdersCommand.oneLine(message), cause);
  }

  private void check(boolean holds, String message) {
    if (!holds) {
      throw new CommandLine.ParameterException(spec.commandLine(), message);
    }
  }

  private List<Path> classPath() {
    return classPath.stream()
        .flatMap(paths -> Arrays.stream(paths.split(Pattern.quote(File.pathSeparator), -1)))
        .filter(path -> !path.isEmpty())
        .map(Path::of)
        .toList();
  }

  private Compatibility compatibility(WorkflowClasses classes) {
    try {
      var found = new ArrayList<Workflow<?>>();
      for (var name : workflows) {
        found.addAll(classes.of(name));
      }
      return Compatibility.of(found);
    } catch (WorkflowClasses.Unusable | IllegalArgumentException e) {
      throw unusable("--workflows: " + e.getMessage(), e);
    }
  }

  private Optional<Report> stored(Compatibility compatibility) {
    if (db.isEmpty() && recordings.isPresent()) {
      return Optional.empty();
    }
    var file = db.orElse(Path.of("pawl.db"));
    check(Files.exists(file), "--db: there is no file " + file);
    try (var store = SqliteStore.openToRead(file)) {
      return Optional.of(compatibility.check(store));
    }
  }

  private Optional<Report> recorded(Compatibility compatibility) {
    if (recordings.isEmpty()) {
      return Optional.empty();
    }
    var files = recordings.get();
    check(Files.exists(files), "--recordings: there is no file or folder " + files);
    try {
      return Optional.of(compatibility.check(files));
    } catch (IOException e) {
      throw unusable("--recordings: " + files + " cannot be read: " + e.getMessage(), e);
    }
  }

  private void print(Optional<Report> stored, Optional<Report> recorded) {
    var out = spec.commandLine().getOut();
    if (json) {
      out.println(json(stored, recorded));
    } else {
      stored.ifPresent(report -> text(report, "open").forEach(out::println));
      recorded.ifPresent(report -> text(report, "recorded").forEach(out::println));
    }
    out.flush();
  }

  private static List<String> text(Report report, String kind) {
    var lines = new ArrayList<String>();
    report.findings().forEach(found -> lines.add(OrdersCommand.oneLine(found.message())));
    if (report.unlisted() > 0) {
      lines.add(String.format(Locale.ROOT, "and %,d more that are not listed", report.unlisted()));
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "%,d %s %s checked, %s found",
            report.runs(),
            kind,
            report.runs() == 1 ? "run" : "runs",
            report.isClean() ? "nothing" : "something"));
    return lines;
  }

  private static String json(Optional<Report> stored, Optional<Report> recorded) {
    var mapper = new JsonMapper();
    var object = mapper.createObjectNode();
    stored.ifPresent(report -> object.put("openRuns", report.runs()));
    recorded.ifPresent(report -> object.put("recordedRuns", report.runs()));
    var findings = object.putArray("findings");
    long unlisted = 0;
    for (var report : Stream.concat(stored.stream(), recorded.stream()).toList()) {
      report.findings().forEach(found -> findings.add(mapper.valueToTree(json(found))));
      unlisted += report.unlisted();
    }
    return object.put("unlisted", unlisted).toString();
  }

  /// A finding as it is printed; `details` are its components.
  private record Printed(
      String kind,
      String source,
      String workflow,
      String version,
      long runs,
      String example,
      Object details,
      String message) {}

  private static Printed json(Found found) {
    return new Printed(
        found.finding().getClass().getSimpleName(),
        found.source().name(),
        found.workflow(),
        found.version(),
        found.runs(),
        found.example(),
        found.finding(),
        found.message());
  }
}
