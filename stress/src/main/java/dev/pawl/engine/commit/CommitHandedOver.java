package dev.pawl.engine.commit;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// A commit that is handed over is written, though another thread has just stopped writing.
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "each durable, and told once")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost, or told twice")
@State
public class CommitHandedOver {
  private static final Rig RIG = new Rig(10_000);
  private final Rig.Heard first = new Rig.Heard();
  private final Rig.Heard second = new Rig.Heard();
  private final Ticket one = RIG.ticket(Rig.newRun(), first);
  private final Ticket two = RIG.ticket(Rig.newRun(), second);

  /// Commits, and perhaps writes both.
  @Actor
  public void commits(II_Result result) {
    RIG.committer.enqueue(one);
    RIG.committer.await(one);
    result.r1 = first.committedCount();
  }

  /// Commits, and lets others write.
  @Actor
  public void handsOver(II_Result result) {
    RIG.committer.enqueue(two);
    RIG.committer.handOver(two);
    result.r2 = second.committedCount();
  }
}
