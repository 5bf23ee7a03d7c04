package dev.pawl.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// A directory that is deleted, with all in it, when it is closed.
public final class Workplace implements AutoCloseable {
  private final Path directory;

  Workplace(Path directory) {
    this.directory = directory;
  }

  /// A file in it.
  public Path file(String name) {
    return directory.resolve(name);
  }

  /// How many bytes its files have whose names start with `prefix`.
  public long bytes(String prefix) throws IOException {
    long sum = 0;
    try (var files = Files.list(directory)) {
      for (var file : files.toList()) {
        if (file.getFileName().toString().startsWith(prefix)) {
          sum += Files.size(file);
        }
      }
    }
    return sum;
  }

  @Override
  public void close() throws IOException {
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
