package dev.pawl.bench.durable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A JVM of its own, with the class path of this one, that reports by lines on its standard output
/// and may be killed at any time.
final class Child implements AutoCloseable {
  /// A line that a child wrote.
  ///
  /// @param sinceStart when it came, from the moment before the process was made
  record Report(String text, Duration sinceStart) {}

  private static final String ENDED = "";
  private final Process process;
  private final long started;
  private final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();

  private Child(Process process, long started) {
    this.process = process;
    this.started = started;
  }

  static Child start(Class<?> main, String... arguments) throws IOException {
    return start(List.of(), main, arguments);
  }

  /// @param options for the JVM
  static Child start(List<String> options, Class<?> main, String... arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    long started = System.nanoTime();
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var child = new Child(process, started);
    Thread.ofPlatform().daemon().name("child-output").start(child::read);
    return child;
  }

  private void read() {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line; (line = lines.readLine()) != null; ) {
        reports.add(report(line));
      }
    } catch (IOException e) {
      // A child that is killed while it writes breaks off; whoever waits for it hears that it
      // ended.
      reports.add(report("broke off: " + e.getMessage()));
    } finally {
      reports.add(report(ENDED));
    }
  }

  private Report report(String text) {
    return new Report(text, Duration.ofNanos(System.nanoTime() - started));
  }

  /// The next line that starts with `word`; the rest of that line is the text of the report.
  ///
  /// @throws IOException if the child ends before, or says nothing for so long
  Report await(String word, Duration limit) throws IOException, InterruptedException {
    for (; ; ) {
      var report = reports.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (report == null || report.text().equals(ENDED)) {
        throw new IOException(
            "a child "
                + (report == null ? "was silent for " + limit : "ended")
                + " before it said '"
                + word
                + "'");
      }
      if (report.text().startsWith(word)) {
        return new Report(report.text().substring(word.length()).strip(), report.sinceStart());
      }
    }
  }

  /// Kills it as `kill -9` does, and waits until it is gone.
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
