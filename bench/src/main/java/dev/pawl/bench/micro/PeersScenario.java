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

/// Pawl beside LangGraph4j.
final class PeersScenario implements Scenario {
  @Override
  public String name() {
    return "langgraph4j";
  }

  @Override
  public String about() {
    return "chains of 3 and of 100 nodes, beside LangGraph4j in the same run of JMH";
  }

  @Override
  public List<Row> measure(Settings settings) throws RunnerException, InterruptedException {
    var once = new Peers();
    WrongResult.unlessEqual("3 nodes", Chains.expected(3), once.pawl3());
    WrongResult.unlessEqual("100 nodes", Chains.expected(100), once.pawl100());
    WrongResult.unlessEqual("LangGraph4j, 3", Chains.expected(3).count(), once.langgraph3());
    WrongResult.unlessEqual("LangGraph4j, 100", Chains.expected(100).count(), once.langgraph100());

    var rows = new Rows(Jmh.run(Peers.class, settings, TimeValue.seconds(1), List.of()));
    return List.of(
        row(rows, "3 nodes", "pawl3", "langgraph3", 400),
        row(rows, "100 nodes", "pawl100", "langgraph100", 500));
  }

  /// Rates instead of times, so that the ratio says how many times faster Pawl is.
  private static Row row(Rows rows, String name, String ours, String theirs, int times) {
    var pawl = rows.figure(ours);
    var peer = rows.figure(theirs);
    return Row.of(name, rate(pawl), "runs/s", Bar.ratio(new Limit.AtLeast(times)))
        .beside(rate(peer))
        .with("ours", pawl.nanos(), "ns")
        .with("theirs", peer.nanos(), "ns")
        .with("ours", pawl.bytes(), "B")
        .with("theirs", peer.bytes(), "B");
  }

  private static double rate(Jmh.Figure figure) {
    return 1e9 / figure.nanos();
  }
}
