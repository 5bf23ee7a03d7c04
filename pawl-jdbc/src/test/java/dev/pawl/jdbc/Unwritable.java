package dev.pawl.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A folder that cannot be written for as long as this is open, like one on a read-only mount.
/// Permissions do not bind root, the attribute of `chattr +i` does.
final class Unwritable implements AutoCloseable {
  private final Path folder;

  Unwritable(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    chmod(false);
    if (!isSo()) {
      run("+i");
    }
  }

  /// Whether the folder and what is in it indeed cannot be written.
  boolean isSo() throws IOException {
    try (var paths = Files.list(folder)) {
      if (paths.anyMatch(Files::isWritable)) {
        return false;
      }
    }
    return !Files.isWritable(folder);
  }

  private void chmod(boolean writable) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (var path : paths.toList()) {
        path.toFile().setWritable(writable);
      }
    }
  }

  private void run(String mode) throws InterruptedException {
    try {
      new ProcessBuilder(List.of("chattr", "-R", mode, folder.toString()))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      // There is no such command here; whoever asks finds the folder writable.
      return;
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    run("-i");
    chmod(true);
  }
}
