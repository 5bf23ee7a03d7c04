package dev.pawl.examples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// What a program prints, run as a reader runs it.
public final class Printed {
  private Printed() {}

  /// The main method of a program.
  @FunctionalInterface
  public interface Program {
    void run(String[] args) throws Exception;
  }

  /// The lines that a program prints until it returns. For one thread at a time.
  ///
  /// @param folder where its file goes
  public static List<String> by(Program program, Path folder) throws Exception {
    var console = System.out;
    var printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      program.run(new String[] {folder.resolve("runs.db").toString()});
    } finally {
      System.setOut(console);
    }
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
