package dev.pawl.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A file that records what runs went through: the nodes in the order of commit, the edge that each
/// left by, what it changed in the state, and the end. No times and ids, and neither retries nor
/// crashes: a run with faults that comes to the same gives the same file. Keep it with the tests
/// and read its changes as you read those of code.
///
/// With the system property `pawl.golden=rewrite` files are written instead of compared.
public final class GoldenFile {
  private static final String PROPERTY = "pawl.golden";
  private static final String REWRITE = "rewrite";
  private static final int AROUND = 2;

  private final Path file;

  private GoldenFile(Path file) {
    this.file = file;
  }

  /// The file at this place; its folder is made when it is needed.
  public static GoldenFile of(Path file) {
    return new GoldenFile(file);
  }

  /// Compares runs with the file.
  ///
  /// @throws AssertionError if they differ, with the lines that do; or if there was no file: it is
  ///   written then, for the next time, and should be read
  public void check(TestRun<?>... runs) {
    var lines = new ArrayList<String>();
    for (var run : runs) {
      lines.add("run " + run.key() + " of " + run.workflow());
      run.course().forEach(line -> lines.add("  " + line));
    }
    try {
      if (REWRITE.equals(System.getProperty(PROPERTY))) {
        write(lines);
      } else if (!Files.exists(file)) {
        write(lines);
        throw new AssertionError(
            "there was no " + file + "; it holds now what happened: read it, and test again");
      } else {
        compare(Files.readAllLines(file), lines);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read or written", e);
    }
  }

  private void write(List<String> lines) throws IOException {
    var folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(file, String.join("\n", lines) + "\n");
  }

  private void compare(List<String> before, List<String> now) {
    if (!before.equals(now)) {
      throw new AssertionError(
          "what happened is not what "
              + file
              + " records (-); if the new course (+) is right, test once with -D"
              + PROPERTY
              + "="
              + REWRITE
              + "\n"
              + String.join("\n", difference(before, now)));
    }
  }

  /// The lines of both, in order, marked by where they are; of those in both only the ones around.
  private static List<String> difference(List<String> before, List<String> now) {
    var common = common(before, now);
    var marked = new ArrayList<String>();
    int i = 0;
    int j = 0;
    while (i < before.size() || j < now.size()) {
      if (i < before.size() && j < now.size() && before.get(i).equals(now.get(j))) {
        marked.add("  " + now.get(j));
        i++;
        j++;
      } else if (j == now.size() || i < before.size() && common[i + 1][j] >= common[i][j + 1]) {
        marked.add("- " + before.get(i++));
      } else {
        marked.add("+ " + now.get(j++));
      }
    }
    return shortened(marked);
  }

  /// How many lines the ends of both have in common, in order: from line i of one, j of the other.
  private static int[][] common(List<String> before, List<String> now) {
    var common = new int[before.size() + 1][now.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = now.size() - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(now.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }

  private static List<String> shortened(List<String> marked) {
    var kept = new ArrayList<String>();
    boolean skipping = false;
    for (int i = 0; i < marked.size(); i++) {
      var around = marked.subList(Math.max(0, i - AROUND), Math.min(marked.size(), i + AROUND + 1));
      if (around.stream().anyMatch(line -> !line.startsWith("  "))) {
        kept.add(marked.get(i));
        skipping = false;
      } else if (!skipping) {
        kept.add("  ...");
        skipping = true;
      }
    }
    return kept;
  }
}
