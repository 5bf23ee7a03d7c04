package dev.pawl.engine.pace;

import dev.pawl.engine.turns.Turns;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// Of two that wait for the only place, one starts when it is given back, and the other when that
/// one leaves.
@JCStressTest
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "one after the other")
@Outcome(expect = Expect.FORBIDDEN, desc = "more at once than may, or one waits for ever")
@State
public class PlaceGivenBack {
  private final Admission admission = new Admission(Turns.system(), 1);
  private final AtomicInteger started = new AtomicInteger();

  /// The place is taken, and somebody waits for it.
  public PlaceGivenBack() {
    if (!admission.tryEnter(null)) {
      throw new IllegalStateException("there is a place");
    }
    admission.enter("orders", null, started::incrementAndGet);
  }

  /// Gives the place back.
  @Actor
  public void leaves() {
    admission.leave(null);
  }

  /// Wants the place.
  @Actor
  public void enters() {
    admission.enter("invoices", null, started::incrementAndGet);
  }

  /// Gives the place back that one of them has.
  @Arbiter
  public void leavesAgain(II_Result result) {
    result.r1 = started.get();
    admission.leave(null);
    result.r2 = started.get();
  }
}
