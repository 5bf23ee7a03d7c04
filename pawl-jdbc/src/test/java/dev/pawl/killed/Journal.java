package dev.pawl.killed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Semaphore;

/// What a program did, in a file that outlives it, and where it is killed.
record Journal(Path file) {
  /// How the lines begin by which a program asks to be killed.
  static final String DIES = "dies ";

  /// The journal beside the store of a program.
  static Journal in(Path folder) {
    return new Journal(folder.resolve("journal.txt"));
  }

  /// Notes that something was done.
  void note(String what) {
    add(what);
  }

  /// Comes no further, the first time that any process comes here: asks to be killed, and waits.
  void dieAt(String place) {
    if (lines().contains(DIES + place)) {
      return;
    }
    add(DIES + place);
    System.out.println(DIES + place);
    System.out.flush();
    new Semaphore(0).acquireUninterruptibly();
  }

  /// The ends of the lines that begin so, in their order.
  List<String> after(String beginning) {
    return lines().stream()
        .filter(line -> line.startsWith(beginning))
        .map(line -> line.substring(beginning.length()))
        .toList();
  }

  private synchronized void add(String line) {
    try {
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized List<String> lines() {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
