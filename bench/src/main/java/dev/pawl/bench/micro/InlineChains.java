package dev.pawl.bench.micro;

import dev.pawl.engine.Engine;
import dev.pawl.workflow.Workflow;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Chains of 3 and of 100 steps, beside the same functions in a bare loop.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class InlineChains {
  private final Engine engine = Engine.inline();
  private final Workflow<Tally> three = Chains.workflow(3);
  private final Workflow<Tally> hundred = Chains.workflow(100);
  private final UnaryOperator<Tally>[] threeFunctions = Chains.functions(3);
  private final UnaryOperator<Tally>[] hundredFunctions = Chains.functions(100);
  private Tally start = Tally.START;

  @Benchmark
  public Tally chainOf3() throws InterruptedException {
    return engine.run(three, start);
  }

  @Benchmark
  public Tally chainOf3Bare() {
    return Chains.loop(threeFunctions, start);
  }

  @Benchmark
  public Tally chainOf100() throws InterruptedException {
    return engine.run(hundred, start);
  }

  @Benchmark
  public Tally chainOf100Bare() {
    return Chains.loop(hundredFunctions, start);
  }
}
