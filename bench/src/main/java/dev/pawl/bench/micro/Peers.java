package dev.pawl.bench.micro;

import dev.pawl.engine.Engine;
import dev.pawl.workflow.Workflow;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bsc.langgraph4j.CompiledGraph;
import org.bsc.langgraph4j.GraphStateException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Chains of 3 and of 100 nodes in Pawl and in LangGraph4j. Both graphs are compiled before.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Peers {
  private final Engine engine = Engine.inline();
  private final Workflow<Tally> three = Chains.workflow(3);
  private final Workflow<Tally> hundred = Chains.workflow(100);
  private final CompiledGraph<Chains.Counted> peerOf3;
  private final CompiledGraph<Chains.Counted> peerOf100;
  private Tally start = Tally.START;
  private Map<String, Object> peerStart =
      Map.of("count", Tally.START.count(), "text", Tally.START.text());

  /// Compiles the peer's graphs.
  public Peers() {
    try {
      peerOf3 = Chains.peer(3);
      peerOf100 = Chains.peer(100);
    } catch (GraphStateException e) {
      throw new IllegalStateException("the peer refuses its graph", e);
    }
  }

  @Benchmark
  public Tally pawl3() throws InterruptedException {
    return engine.run(three, start);
  }

  @Benchmark
  public Tally pawl100() throws InterruptedException {
    return engine.run(hundred, start);
  }

  @Benchmark
  public int langgraph3() {
    return peerOf3.invoke(peerStart).orElseThrow().count();
  }

  @Benchmark
  public int langgraph100() {
    return peerOf100.invoke(peerStart).orElseThrow().count();
  }
}
