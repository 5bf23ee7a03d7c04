package dev.pawl.engine.pace;

import dev.pawl.engine.turns.Turns;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/// The last place of a node is given once, though there is room for more elsewhere.
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the first has it")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the second has it")
@Outcome(expect = Expect.FORBIDDEN, desc = "given twice, or not at all")
@State
public class LastPlace {
  private final Admission admission = new Admission(Turns.system(), 2);
  private final Admission.Place place = new Admission.Place("orders", "charge", 1);

  /// Enters.
  @Actor
  public void enters(ZZ_Result result) {
    result.r1 = admission.tryEnter(place);
  }

  /// Enters, too.
  @Actor
  public void entersToo(ZZ_Result result) {
    result.r2 = admission.tryEnter(place);
  }
}
