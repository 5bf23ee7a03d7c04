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

/// One step, and two steps with a choice between their edges, beside the same in a bare loop.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class InlineSteps {
  private final Engine engine = Engine.inline();
  private final Workflow<Tally> one = Chains.workflow(1);
  private final Workflow<Tally> two = withChoice();
  private final UnaryOperator<Tally>[] oneFunction = Chains.functions(1);
  private final UnaryOperator<Tally>[] twoFunctions = Chains.functions(2);
  private Tally start = Tally.START;

  private static Workflow<Tally> withChoice() {
    var graph = Workflow.graph("choice", Tally.class);
    var first = graph.step("first", tally -> tally.plus(1));
    var small = graph.step("small", tally -> tally.plus(2));
    var large = graph.step("large", tally -> tally.plus(20));
    graph.start(first).path(small, graph.end()).path(large, graph.end());
    first.when("small", InlineSteps::isSmall, small).otherwise(large);
    return graph.build();
  }

  private static boolean isSmall(Tally tally) {
    return tally.count() < 10;
  }

  @Benchmark
  public Tally oneStep() throws InterruptedException {
    return engine.run(one, start);
  }

  @Benchmark
  public Tally oneStepBare() {
    return Chains.loop(oneFunction, start);
  }

  @Benchmark
  public Tally twoSteps() throws InterruptedException {
    return engine.run(two, start);
  }

  @Benchmark
  public Tally twoStepsBare() {
    var tally = twoFunctions[0].apply(start);
    return isSmall(tally) ? twoFunctions[1].apply(tally) : tally.plus(20);
  }
}
