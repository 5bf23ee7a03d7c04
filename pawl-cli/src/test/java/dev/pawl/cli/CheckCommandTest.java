package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.cli.SampleWorkflows.Before;
import dev.pawl.cli.SampleWorkflows.Parcel;
import dev.pawl.engine.Engine;
import dev.pawl.jdbc.SqliteStore;
import dev.pawl.testkit.compat.Recording;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

@Timeout(120)
final class CheckCommandTest {
  private static final String BEFORE = "dev.pawl.cli.SampleWorkflows$Before";
  private static final String TODAY = "dev.pawl.cli.SampleWorkflows$Today";

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int check(String... arguments) {
    return new CommandLine(new CheckCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private Path db() {
    return folder.resolve("pawl.db");
  }

  private void start(Engine engine, Workflow<Parcel> workflow, String key, int grams)
      throws InterruptedException {
    engine
        .start(workflow, key, new Parcel(key, grams))
        .awaitStatus(Set.of(RunStatus.WAITING), Duration.ofSeconds(20));
  }

  private void make() throws InterruptedException {
    try (var engine = Engine.builder().sqlite(db()).start()) {
      start(engine, Before.FIRST, "small", 10);
      start(engine, Before.FIRST, "medium", 700);
      start(engine, Before.FIRST, "large", 2_000);
      start(engine, Before.second(), "second", 10);
    }
  }

  private Path recording() throws Exception {
    make();
    var recordings = Files.createDirectory(folder.resolve("recordings"));
    try (var store = SqliteStore.openToRead(db())) {
      var run = store.find("parcels", "medium").orElseThrow().id();
      Recording.write(store, run, recordings.resolve("medium.jsonl"));
    }
    return recordings;
  }

  @Test
  void findsNothingWhereNothingHasChanged() throws Exception {
    make();

    assertThat(check("--db", db().toString(), "--workflows", BEFORE)).isZero();

    assertThat(out.toString().lines()).containsExactly("4 open runs checked, nothing found");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void hasALineForEachFindingAndTellsByItsExitCode() throws Exception {
    make();

    assertThat(check("--db", db().toString(), "--workflows", TODAY)).isEqualTo(1);

    assertThat(out.toString().lines())
        .containsExactly(
            "2 open runs wait at `pickup`, which this build removes"
                + " (parcels version 1; such as small)",
            "medium would take another edge at `weigh`: \"heavy\" to `truck`,"
                + " not otherwise to `pickup` (parcels version 1)",
            "second is of a version that this build does not have (parcels version 2)",
            "4 open runs checked, something found");
  }

  @Test
  void printsOneObjectForPrograms() throws Exception {
    var recordings = recording();

    check(
        "--db",
        db().toString(),
        "--recordings",
        recordings.toString(),
        "--workflows",
        TODAY,
        "--json");

    var object = new JsonMapper().readTree(out.toString());
    assertThat(object.get("openRuns").intValue()).isEqualTo(4);
    assertThat(object.get("recordedRuns").intValue()).isEqualTo(1);
    assertThat(object.get("unlisted").intValue()).isZero();
    var first = object.get("findings").get(0);
    assertThat(object.get("findings")).hasSize(5);
    assertThat(first.get("kind").stringValue()).isEqualTo("NodeGone");
    assertThat(first.get("source").stringValue()).isEqualTo("STORE");
    assertThat(first.get("workflow").stringValue()).isEqualTo("parcels");
    assertThat(first.get("version").stringValue()).isEqualTo("1");
    assertThat(first.get("runs").intValue()).isEqualTo(2);
    assertThat(first.get("example").stringValue()).isEqualTo("small");
    assertThat(first.get("details").get("node").stringValue()).isEqualTo("pickup");
    assertThat(first.get("message").stringValue()).startsWith("2 open runs wait at");
    assertThat(out.toString()).hasLineCount(1);
  }

  @Test
  void checksRecordingsAlone() throws Exception {
    var recordings = recording();

    assertThat(check("--recordings", recordings.toString(), "--workflows", BEFORE)).isZero();
    assertThat(check("--recordings", recordings.toString(), "--workflows", TODAY)).isEqualTo(1);

    assertThat(out.toString())
        .startsWith("1 recorded run checked, nothing found")
        .contains("medium in " + recordings.resolve("medium.jsonl") + " waits at `pickup`");
  }

  @Test
  void knowsTheWorkflowOfTheDemonstration() throws Exception {
    assertThat(new Demo(folder).orders(Demo.GOOD)).isZero();

    assertThat(check("--db", db().toString())).isZero();

    assertThat(out.toString()).startsWith("0 open runs checked, nothing found");
  }

  @Test
  void findsClassesInJarsAndFolders() throws Exception {
    make();
    var source = folder.resolve("Mine.java");
    Files.writeString(
        source,
        """
        import dev.pawl.cli.SampleWorkflows;
        import dev.pawl.workflow.Workflow;

        public class Mine {
          public static Workflow<?> first = SampleWorkflows.Before.FIRST;
          public static Workflow<?> second() { return SampleWorkflows.Before.second(); }
        }
        """);
    var classes = Files.createDirectory(folder.resolve("classes"));
    var jar = folder.resolve("mine.jar");
    run("javac", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"), source);
    run("jar", "--create", "--file", jar.toString(), "-C", classes.toString(), ".");

    assertThat(check("--db", db().toString(), "--workflows", "Mine")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--workflows: there is no class Mine; check its name, or add its jar");
    assertThat(with(classes.toString(), "Mine")).isZero();
    assertThat(with(folder + File.pathSeparator + jar, "Mine")).isZero();
  }

  private static void run(String tool, Object... arguments) {
    var texts = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
    int code = ToolProvider.findFirst(tool).orElseThrow().run(System.out, System.err, texts);
    assertThat(code).isZero();
  }

  private int with(String classPath, String workflows) {
    return check("--db", db().toString(), "--class-path", classPath, "--workflows", workflows);
  }

  private void assertUnusable(String message, String... arguments) {
    err.getBuffer().setLength(0);

    assertThat(check(arguments)).isEqualTo(2);

    assertThat(err.toString().lines().findFirst().orElse("")).contains(message);
  }

  @Test
  void saysWhichArgumentCannotBeUsed() throws Exception {
    make();
    var file = db().toString();
    var samples = "dev.pawl.cli.SampleWorkflows";

    assertUnusable("--db: there is no file none.db", "--db", "none.db");
    assertUnusable(
        "--recordings: there is no file or folder none", "--recordings", "none", "--db", file);
    assertUnusable(
        "--class-path: there is no readable file none.jar",
        "--db",
        file,
        "--class-path",
        "none.jar");
    assertUnusable(
        "--workflows: " + samples + " has no workflows", "--db", file, "--workflows", samples);
    assertUnusable(
        "--workflows: two workflows are parcels version 1",
        "--db",
        file,
        "--workflows",
        samples + "$Twice");
    assertUnusable(
        "--workflows: a workflow of "
            + samples
            + "$Broken cannot be made: java.lang.IllegalStateException: no settings",
        "--db",
        file,
        "--workflows",
        samples + "$Broken");
    assertUnusable(
        samples + "$Hidden is not public; make it public",
        "--db",
        file,
        "--workflows",
        samples + "$Hidden");
    assertUnusable("--nonsense", "--nonsense");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void saysThatAFileIsNoStoreAndLeavesIt() throws Exception {
    Files.writeString(db(), "hello, I am no database at all. ".repeat(100));

    assertThat(check("--db", db().toString())).isEqualTo(4);

    assertThat(err.toString()).contains("is not a Pawl store").hasLineCount(1);
    assertThat(folder).isDirectoryNotContaining("glob:**.lock");
  }

  @Test
  void saysWhichRecordingIsDamaged() throws Exception {
    var recordings = recording();
    var file = recordings.resolve("medium.jsonl");
    Files.writeString(file, Files.readString(file).replace("\"kind\":\"LEFT\"", "\"kind\":\"X\""));

    assertThat(check("--recordings", recordings.toString(), "--workflows", BEFORE)).isEqualTo(4);

    assertThat(err.toString()).startsWith(file + ":2: kind: X").hasLineCount(1);
  }

  @Test
  void readsBesideAnEngine() throws Exception {
    try (var engine = Engine.builder().sqlite(db()).start()) {
      start(engine, Before.FIRST, "small", 10);

      assertThat(check("--db", db().toString(), "--workflows", BEFORE)).isZero();

      start(engine, Before.FIRST, "another", 10);
    }
    assertThat(out.toString().lines()).containsExactly("1 open run checked, nothing found");
  }

  @Test
  void explainsItsOptionsAndExitCodes() {
    assertThat(check("--help")).isZero();
    assertThat(out.toString())
        .contains("--db=FILE", "--workflows=CLASS[,CLASS...]", "--class-path=JARS")
        .contains("--recordings=DIR", "--json", "Exit codes:", "Something was found");
  }
}
