package dev.pawl.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// How scenarios measure.
///
/// @param repetitions how many warm repetitions a figure is the median of
/// @param seed where random work begins
/// @param directory where databases are put while they are needed
/// @param progress hears what is being done
public record Settings(int repetitions, long seed, Path directory, Consumer<String> progress) {
  private static final int LEAST_UNMEASURED = 5;
  private static final int MOST_UNMEASURED = 30;

  /// Checks the ranges.
  ///
  /// @throws IllegalArgumentException if there is no repetition
  public Settings {
    if (repetitions < 1) {
      throw new IllegalArgumentException("at least one repetition, not " + repetitions);
    }
  }

  /// Says what is being done.
  public void say(String what) {
    progress.accept(what);
  }

  /// A new empty directory for databases, deleted when it is closed.
  public Workplace workplace() throws IOException {
    return new Workplace(Files.createTempDirectory(directory, "pawl-bench-"));
  }

  /// Makes a figure once for each repetition, after unmeasured ones, and takes the median.
  ///
  /// @param unmeasured how many repetitions come before, to warm up
  public double median(int unmeasured, Figure figure) throws Exception {
    for (int i = 0; i < unmeasured; i++) {
      figure.measure(i);
    }
    var figures = new double[repetitions];
    for (int i = 0; i < repetitions; i++) {
      figures[i] = figure.measure(unmeasured + i);
    }
    return Figures.median(figures);
  }

  /// Makes rounds that are not measured until the JVM's compiler has little left to do for them: in
  /// a round, less than a tenth of the time that this takes. There are five rounds at least, and
  /// thirty at most.
  ///
  /// @param compiled how long the compiler has worked so far
  public void warmUp(Supplier<Duration> compiled, Round round) throws Exception {
    for (int i = 0; i < MOST_UNMEASURED; i++) {
      var before = compiled.get();
      long start = System.nanoTime();
      round.make(i);
      var took = Duration.ofNanos(System.nanoTime() - start);
      boolean rests = compiled.get().minus(before).multipliedBy(10).compareTo(took) < 0;
      if (rests && i + 1 >= LEAST_UNMEASURED) {
        return;
      }
    }
  }

  /// A round that is not measured.
  @FunctionalInterface
  public interface Round {
    /// Makes it.
    ///
    /// @param round which round this is, from 0 on
    void make(int round) throws Exception;
  }

  /// A figure that is measured several times.
  @FunctionalInterface
  public interface Figure {
    /// Measures it.
    ///
    /// @param repetition which repetition this is, from 0 on
    double measure(int repetition) throws Exception;
  }
}
