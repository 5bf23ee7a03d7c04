package dev.pawl.engine.turns;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/// Whoever reads the clock twice never reads an earlier time, whatever others read meanwhile.
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "later, or the same")
@Outcome(expect = Expect.FORBIDDEN, desc = "back in time")
@State
public class ClockNeverGoesBack {
  private final Turns turns = Turns.system();

  /// Reads.
  @Actor
  public void reads(ZZ_Result result) {
    result.r1 = isOrdered();
  }

  /// Reads, too.
  @Actor
  public void readsToo(ZZ_Result result) {
    result.r2 = isOrdered();
  }

  private boolean isOrdered() {
    var first = turns.now();
    return !turns.now().isBefore(first);
  }
}
