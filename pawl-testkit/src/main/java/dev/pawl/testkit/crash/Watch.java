package dev.pawl.testkit.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/// Looks again and again whether something has happened since it was made.
sealed interface Watch {
  /// Whether it has.
  boolean seen() throws IOException;

  /// For what needs no waiting.
  record Nothing() implements Watch {
    @Override
    public boolean seen() {
      return true;
    }
  }

  /// Counts the changes of a file, those that are far enough apart to be seen.
  final class Changes implements Watch {
    private final Path file;
    private int left;
    private String last;

    Changes(Path file, int changes) {
      this.file = file;
      this.left = changes;
      this.last = stamp();
    }

    @Override
    public boolean seen() {
      var now = stamp();
      left -= now.equals(last) ? 0 : 1;
      last = now;
      return left <= 0;
    }

    /// What differs when the file has changed.
    private String stamp() {
      try {
        return Files.getLastModifiedTime(file) + " " + Files.size(file);
      } catch (IOException e) {
        return "missing";
      }
    }
  }

  /// Reads whole lines of a file as they come.
  final class Lines implements Watch {
    private final Path file;
    private final Predicate<String> wanted;
    private long position;

    Lines(Path file, Predicate<String> wanted) {
      this.file = file;
      this.wanted = wanted;
    }

    @Override
    public boolean seen() throws IOException {
      if (!Files.exists(file) || Files.size(file) == position) {
        return false;
      }
      byte[] more;
      try (var in = Files.newInputStream(file)) {
        in.skipNBytes(position);
        more = in.readAllBytes();
      }
      int whole = more.length;
      while (whole > 0 && more[whole - 1] != '\n') {
        whole--;
      }
      position += whole;
      return new String(more, 0, whole, StandardCharsets.UTF_8).lines().anyMatch(wanted);
    }
  }
}
