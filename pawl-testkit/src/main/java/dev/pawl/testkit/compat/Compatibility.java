package dev.pawl.testkit.compat;

import dev.pawl.store.Codec;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.testkit.compat.Finding.NoDefinition;
import dev.pawl.testkit.compat.Found.Source;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/// Today's workflows, to hold the runs of older builds against: can they go on, and would they go
/// the same way?
///
/// Finds versions, nodes and types of states that open runs need and this build has not, recorded
/// states that it cannot read, and recorded edges that its predicates would not choose again. No
/// step is called; predicates are. Immutable and thread-safe.
public final class Compatibility {
  private static final int RUNS = 25;
  private static final int ROWS = 20;
  private static final Store.Filter OPEN =
      new Store.Filter(
          Optional.empty(),
          Optional.empty(),
          Arrays.stream(RunStatus.values()).filter(status -> !status.isFinal()).toList());

  private final Map<Version, Places> builds;
  private final Optional<Codec> codec;

  private Compatibility(Map<Version, Places> builds, Optional<Codec> codec) {
    this.builds = builds;
    this.codec = codec;
  }

  private record Version(String workflow, String version) {}

  /// These workflows, with the codec that `ServiceLoader` finds.
  ///
  /// @throws IllegalArgumentException if two of them have the same name and version
  public static Compatibility of(Workflow<?>... workflows) {
    return of(List.of(workflows));
  }

  /// These workflows, with the codec that `ServiceLoader` finds.
  ///
  /// @throws IllegalArgumentException if two of them have the same name and version
  public static Compatibility of(Collection<? extends Workflow<?>> workflows) {
    var builds = new HashMap<Version, Places>();
    for (var workflow : workflows) {
      var version = new Version(workflow.name(), workflow.version());
      if (builds.put(version, new Places(workflow.definition())) != null) {
        throw new IllegalArgumentException(
            "two workflows are "
                + workflow.name()
                + " version "
                + workflow.version()
                + "; give one of them another version");
      }
    }
    return new Compatibility(Map.copyOf(builds), ServiceLoader.load(Codec.class).findFirst());
  }

  /// The same workflows, with states read by this codec.
  public Compatibility codec(Codec codec) {
    return new Compatibility(builds, Optional.of(codec));
  }

  /// Checks the open runs of a store, page by page. Only reads, and may do so while an engine runs
  /// on the store; of a SQLite file that no engine of this process holds, give
  /// `SqliteStore.openToRead`.
  ///
  /// @throws dev.pawl.store.StoreException if the store cannot be read
  /// @throws IllegalStateException if there is no codec to read its states with
  public Report check(Store store) {
    var tally = new Tally(Source.STORE);
    var types = new HashMap<Version, Map<String, String>>();
    var after = Optional.<RunId>empty();
    for (boolean more = true; more; ) {
      var page = store.runs(OPEN, after, RUNS);
      for (var run : page) {
        var version = new Version(run.workflow(), run.version());
        var known = types.computeIfAbsent(version, absent -> types(store, absent));
        tally.add(run.workflow(), run.version(), run.key(), findings(store, run, version, known));
      }
      more = page.size() == RUNS;
      after = page.isEmpty() ? after : Optional.of(page.getLast().id());
    }
    return tally.report();
  }

  private static Map<String, String> types(Store store, Version version) {
    return Shapes.types(store.shape(version.workflow(), version.version()));
  }

  private Set<Finding> findings(
      Store store, RunRow run, Version version, Map<String, String> types) {
    var places = builds.get(version);
    if (places == null) {
      return Set.of(new NoDefinition());
    }
    var states = new States(run.input(), seq -> store.row(run.id(), seq));
    var check = new RunCheck(places, codec, states);
    check.input(run.input());
    long last = 0;
    for (boolean more = true; more; ) {
      var rows = store.history(run.id(), last, ROWS);
      rows.forEach(check::row);
      more = rows.size() == ROWS;
      last = rows.isEmpty() ? last : rows.getLast().seq();
    }
    check.standing(types);
    return check.findings();
  }

  /// Checks what [Recording#write] wrote: one file, or all `*.jsonl` files of a folder. Other than
  /// in a store, runs that are over count too: their edges are taken again and their states are
  /// read, and a build that does not have their version is a finding.
  ///
  /// @throws BadRecording if a file is not a recording, was cut or changed
  /// @throws IOException if a file cannot be read
  /// @throws IllegalStateException if there is no codec to read states with
  public Report check(Path recordings) throws IOException {
    var tally = new Tally(Source.RECORDINGS);
    for (var file : files(recordings)) {
      try (var recorded = new RecordingReader(file)) {
        var header = recorded.header();
        var findings = findings(recorded, header);
        tally.add(header.workflow(), header.version(), header.key() + " in " + file, findings);
      }
    }
    return tally.report();
  }

  private Set<Finding> findings(RecordingReader recorded, RecordingReader.Header header)
      throws IOException {
    var places = builds.get(new Version(header.workflow(), header.version()));
    if (places == null) {
      return Set.of(new NoDefinition());
    }
    var check =
        new RunCheck(
            places, codec, new States(header.input(), seq -> Optional.<HistoryRow>empty()));
    check.input(header.input());
    for (var row = recorded.next(); row.isPresent(); row = recorded.next()) {
      check.row(row.get());
    }
    if (!header.status().isFinal()) {
      check.standing(header.types());
    }
    return check.findings();
  }

  private static List<Path> files(Path recordings) throws IOException {
    if (!Files.isDirectory(recordings)) {
      return List.of(recordings);
    }
    var files = new ArrayList<Path>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(recordings, "*.jsonl")) {
      found.forEach(files::add);
    }
    if (files.isEmpty()) {
      throw new BadRecording(
          recordings + " holds no recordings (*.jsonl); write some with Recording.write");
    }
    files.sort(null);
    return files;
  }
}
