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

/// Four branches forked and merged.
final class InlineForksScenario implements Scenario {
  @Override
  public String name() {
    return "inline-forks";
  }

  @Override
  public String about() {
    return "4 branches forked and merged, pure, and on virtual threads from a virtual thread";
  }

  @Override
  public List<Row> measure(Settings settings) throws RunnerException, InterruptedException {
    var once = new InlineForks();
    WrongResult.unlessEqual("pure fork", InlineForks.Draft.MERGED, once.pure());
    WrongResult.unlessEqual("fork", InlineForks.Draft.MERGED, once.onVirtualThreads());
    WrongResult.unlessEqual("bare fork", InlineForks.Draft.MERGED, once.pureBare());

    var here = new Rows(Jmh.run(InlineForks.class, settings, TimeValue.seconds(1), List.of()));
    var fromVirtual =
        new Rows(
            Jmh.run(
                InlineForks.class,
                settings,
                TimeValue.seconds(1),
                List.of("-Djmh.executor=VIRTUAL")));
    return List.of(
        here.timeBesideBare("pure", "pure", Bar.value(new Limit.AtMost(1_000))),
        fromVirtual
            .time("virtual threads", "onVirtualThreads", Bar.value(new Limit.AtMost(8_000)))
            .beside(fromVirtual.figure("pureBare").nanos()));
  }
}
