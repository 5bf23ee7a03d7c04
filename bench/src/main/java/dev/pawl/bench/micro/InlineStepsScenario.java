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

/// One step; two steps with a choice between edges.
final class InlineStepsScenario implements Scenario {
  private static final Limit BYTES = new Limit.AtMost(64);

  @Override
  public String name() {
    return "inline-steps";
  }

  @Override
  public String about() {
    return "one step, and two with an edge choice, on the caller's thread";
  }

  @Override
  public List<Row> measure(Settings settings) throws RunnerException, InterruptedException {
    var once = new InlineSteps();
    WrongResult.unlessEqual("one step", Chains.expected(1), once.oneStep());
    WrongResult.unlessEqual("two steps", Chains.expected(2), once.twoSteps());
    WrongResult.unlessEqual("one step, bare", once.oneStep(), once.oneStepBare());
    WrongResult.unlessEqual("two steps, bare", once.twoSteps(), once.twoStepsBare());

    var rows = new Rows(Jmh.run(InlineSteps.class, settings, TimeValue.seconds(1), List.of()));
    return List.of(
        rows.timeBesideBare("1 step", "oneStep", Bar.value(new Limit.AtMost(30))),
        rows.allocationBeyondBare("1 step, allocation", "oneStep", Bar.value(BYTES)),
        rows.timeBesideBare("2 steps", "twoSteps", Bar.value(new Limit.AtMost(60))),
        rows.allocationBeyondBare("2 steps, allocation", "twoSteps", Bar.value(BYTES)));
  }
}
