package dev.pawl.bench.micro;

import dev.pawl.bench.measure.Bar;
import dev.pawl.bench.measure.Limit;
import dev.pawl.bench.measure.Row;
import dev.pawl.bench.measure.Scenario;
import dev.pawl.bench.measure.Settings;
import dev.pawl.bench.measure.WrongResult;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.TimeValue;

/// Chains of 3 and of 100 steps.
final class InlineChainsScenario implements Scenario {
  private static final Limit BYTES = new Limit.AtMost(200);

  @Override
  public String name() {
    return "inline-chains";
  }

  @Override
  public String about() {
    return "chains of 3 and of 100 steps on the caller's thread";
  }

  @Override
  public List<Row> measure(Settings settings) throws RunnerException, InterruptedException {
    var once = new InlineChains();
    WrongResult.unlessEqual("chain of 3", Chains.expected(3), once.chainOf3());
    WrongResult.unlessEqual("chain of 100", Chains.expected(100), once.chainOf100());
    WrongResult.unlessEqual("chain of 3, bare", once.chainOf3(), once.chainOf3Bare());
    WrongResult.unlessEqual("chain of 100, bare", once.chainOf100(), once.chainOf100Bare());

    var rows = new Rows(Jmh.run(InlineChains.class, settings, TimeValue.seconds(1), List.of()));
    return List.of(
        rows.timeBesideBare("3 steps", "chainOf3", Bar.value(new Limit.AtMost(90))),
        rows.allocationBeyondBare("3 steps, allocation", "chainOf3", Bar.value(BYTES)),
        rows.timeBesideBare("100 steps", "chainOf100", Bar.value(new Limit.AtMost(1_500))),
        rows.allocationBeyondBare("100 steps, allocation", "chainOf100", Bar.value(BYTES)));
  }
}
