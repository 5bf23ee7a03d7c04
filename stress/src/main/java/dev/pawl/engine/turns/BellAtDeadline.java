package dev.pawl.engine.turns;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/// A ring that meets a wait whose time is over is heard by that wait or by the next, once.
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "heard by this wait")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "kept for the next")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost, or heard twice")
@State
public class BellAtDeadline {
  private final Turns.Bell bell = Turns.system().bell();

  /// Waits for a moment.
  @Actor
  public void waits(ZZ_Result result) {
    result.r1 = bell.awaitUntil(System.nanoTime() + 300);
  }

  /// Rings.
  @Actor
  public void rings() {
    bell.ring();
  }

  /// Waits again.
  @Arbiter
  public void waitsAgain(ZZ_Result result) {
    result.r2 = bell.awaitUntil(System.nanoTime());
  }
}
