package dev.pawl.engine.turns;

import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/// A ring is heard whenever it comes, and what was written before it is seen.
@JCStressTest
@Outcome(id = "true, 1", expect = Expect.ACCEPTABLE, desc = "heard, and seen")
@Outcome(expect = Expect.FORBIDDEN, desc = "a lost wake-up, or a stale read")
@State
public class BellRung {
  private final Turns.Bell bell = Turns.system().bell();
  private int message;

  /// Waits.
  @Actor
  public void waits(ZI_Result result) {
    result.r1 = bell.awaitUntil(System.nanoTime() + TimeUnit.SECONDS.toNanos(5));
    result.r2 = message;
  }

  /// Rings.
  @Actor
  public void rings() {
    message = 1;
    bell.ring();
  }
}
