package dev.pawl.testkit.simulation;

import dev.pawl.testkit.turns.Order;
import java.util.SplittableRandom;

/// Choices of a seed. How they are made is drawn as well, because different bugs need different
/// schedules: threads that give way at every point or hardly ever, the newest first or the oldest,
/// fast machines and slow ones.
final class RandomOrder implements Order {
  private enum Taste {
    ANY,
    OLDEST,
    NEWEST
  }

  private static final long[] SLOWNESS = {0, 0, 100_000, 10_000_000, 2_000_000_000};
  private static final double[] WAYS = {0.01, 0.05, 0.2, 0.5};
  private final SplittableRandom random;
  private final Taste taste;
  private final int way; // in 2^16
  private final long slowness;
  private final int tick;

  RandomOrder(SplittableRandom random) {
    this.random = random;
    this.taste = Taste.values()[random.nextInt(Taste.values().length)];
    this.way = (int) (WAYS[random.nextInt(WAYS.length)] * 65_536);
    this.slowness = SLOWNESS[random.nextInt(SLOWNESS.length)];
    this.tick = random.nextInt(1, 5_000);
  }

  @Override
  public int next(int ready) {
    if (ready == 1) {
      return 0;
    }
    if (taste == Taste.ANY || random.nextInt(8) == 0) {
      return random.nextInt(ready);
    }
    return taste == Taste.OLDEST ? 0 : ready - 1;
  }

  @Override
  public boolean givesWay() {
    return (random.nextInt() & 0xFFFF) < way;
  }

  @Override
  public long slowness() {
    return slowness != 0 && (random.nextInt() & 0xFF) == 0 ? slowness : 0;
  }

  @Override
  public long tick() {
    return tick;
  }
}
