package dev.pawl.engine;

import dev.pawl.engine.turns.Turns;
import dev.pawl.workflow.RunId;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/// A commit between the read and the wait of a feed is not missed, while other feeds of the run
/// come and go.
@JCStressTest
@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "heard")
@Outcome(expect = Expect.FORBIDDEN, desc = "a lost wake-up")
@State
public class FeedHearsCommit {
  private static final RunId RUN = new RunId(1, 1);
  private final Watchers watchers = new Watchers(Turns.system());
  private volatile boolean committed;

  /// Reads, and waits for what it has not read.
  @Actor
  public void reads(Z_Result result) {
    result.r1 = watchers.awaitChange(RUN, () -> committed, Duration.ofSeconds(5));
  }

  /// Commits, after another feed was opened and closed.
  @Actor
  public void commits() {
    watchers.unwatch(RUN, watchers.watch(RUN));
    committed = true;
    watchers.ring(RUN);
  }
}
