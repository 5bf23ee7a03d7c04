package dev.pawl.testkit.crash;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// When a process is killed: a random while after something has happened. A value.
public final class Aim {
  /// Begins to watch.
  @FunctionalInterface
  private interface Event {
    Watch watch(RandomGenerator random, Path output);
  }

  private final Event event;
  private final Duration within;

  private Aim(Event event, Duration within) {
    this.event = event;
    this.within = within;
  }

  /// From the start of the process on.
  public static Aim start() {
    return new Aim((random, output) -> new Watch.Nothing(), Duration.ZERO);
  }

  /// When a file has changed: was made, deleted, or has another size or time. So kills meet what
  /// the program does to it, however long it takes to start. Looked at every 200 µs: changes that
  /// follow each other faster count once.
  ///
  /// @param file need not exist
  /// @param least how many changes at least, from 1 on
  /// @param most how many at most; between the two each number is as likely
  /// @throws IllegalArgumentException if `least` is less than 1, or more than `most`
  public static Aim changes(Path file, int least, int most) {
    if (least < 1 || most < least) {
      throw new IllegalArgumentException("from 1 change on, not " + least + " to " + most);
    }
    return new Aim(
        (random, output) -> new Watch.Changes(file, random.nextInt(least, most + 1)),
        Duration.ZERO);
  }

  /// When a line appears on its standard output, which it has to flush.
  ///
  /// @param wanted which line
  public static Aim line(Predicate<String> wanted) {
    return new Aim((random, output) -> new Watch.Lines(output, wanted), Duration.ZERO);
  }

  /// With a wait behind it.
  ///
  /// @param longest how long at most, exclusively; each wait below it is as likely
  public Aim within(Duration longest) {
    return new Aim(event, longest);
  }

  Watch watch(RandomGenerator random, Path output) {
    return event.watch(random, output);
  }

  /// How long to wait when it has happened, in nanoseconds.
  long wait(RandomGenerator random) {
    return within.isPositive() ? random.nextLong(within.toNanos()) : 0;
  }
}
