package dev.pawl.jdbc;

import dev.pawl.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Another process that opens a store, takes the right to write and keeps it until it is killed.
final class OtherProcess implements AutoCloseable {
  private final Process process;

  private OtherProcess(Process process) {
    this.process = process;
  }

  /// Takes the right to write, starts run 1, prints `writing` or what is wrong, and waits.
  public static void main(String[] arguments) throws IOException {
    try {
      var store = SqliteStore.open(Path.of(arguments[0]));
      var writer = store.writer();
      writer.commit(1, List.of(StoredRuns.start(1, 100)));
      System.out.println("writing");
    } catch (StoreException e) {
      System.out.println(e.kind());
    }
    System.in.read();
  }

  static OtherProcess on(Path file) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new OtherProcess(
        new ProcessBuilder(
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  /// What it has printed; waits for it.
  String says() throws IOException {
    return process.inputReader().readLine();
  }

  /// Kills it, as `kill -9` does.
  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
