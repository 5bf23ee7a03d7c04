package dev.pawl.bench.micro;

import dev.pawl.workflow.Node;
import dev.pawl.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bsc.langgraph4j.CompileConfig;
import org.bsc.langgraph4j.CompiledGraph;
import org.bsc.langgraph4j.GraphDefinition;
import org.bsc.langgraph4j.GraphStateException;
import org.bsc.langgraph4j.StateGraph;
import org.bsc.langgraph4j.action.AsyncNodeAction;
import org.bsc.langgraph4j.state.AgentState;

/// One chain of steps, as a bare array of functions, as a workflow of Pawl, and as a graph of
/// LangGraph4j.
///
/// The steps are of four classes in turn, as real ones are of many: the JVM cannot paste them into
/// the loop that calls them, in none of the three.
final class Chains {
  private static final List<UnaryOperator<Tally>> STEPS =
      List.of(
          tally -> tally.plus(1), tally -> tally.plus(2), tally -> tally.plus(3), Chains::plusFour);

  private Chains() {}

  private static Tally plusFour(Tally tally) {
    return tally.plus(4);
  }

  /// What a chain of this length makes of [Tally#START].
  static Tally expected(int length) {
    int sum = 0;
    for (int i = 0; i < length; i++) {
      sum += i % STEPS.size() + 1;
    }
    return Tally.START.plus(sum);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // there are no generic arrays
  static UnaryOperator<Tally>[] functions(int length) {
    UnaryOperator<Tally>[] functions = new UnaryOperator[length];
    for (int i = 0; i < length; i++) {
      functions[i] = STEPS.get(i % STEPS.size());
    }
    return functions;
  }

  /// Calls one function after the other: the least that any engine has to do.
  static Tally loop(UnaryOperator<Tally>[] functions, Tally start) {
    var tally = start;
    for (var function : functions) {
      tally = function.apply(tally);
    }
    return tally;
  }

  static Workflow<Tally> workflow(int length) {
    var graph = Workflow.graph("chain", Tally.class);
    var nodes = new ArrayList<Node<Tally>>();
    for (int i = 0; i < length; i++) {
      nodes.add(graph.step("step-" + i, step(i)));
    }
    graph.start(nodes.getFirst());
    for (int i = 1; i < length; i++) {
      graph.path(nodes.get(i - 1), nodes.get(i));
    }
    graph.path(nodes.getLast(), graph.end());
    return graph.build();
  }

  /// The workflow's own form of a step: a class for each of the four, as in the array.
  private static dev.pawl.workflow.step.Change<Tally> step(int i) {
    return switch (i % STEPS.size()) {
      case 0 -> tally -> tally.plus(1);
      case 1 -> tally -> tally.plus(2);
      case 2 -> tally -> tally.plus(3);
      default -> Chains::plusFour;
    };
  }

  /// The state of the peer's graph, with the same two parts.
  static final class Counted extends AgentState {
    Counted(Map<String, Object> data) {
      super(data);
    }

    int count() {
      return this.<Integer>value("count").orElse(0);
    }

    String text() {
      return this.<String>value("text").orElse("");
    }
  }

  static CompiledGraph<Counted> peer(int length) throws GraphStateException {
    var graph = new StateGraph<Counted>(Counted::new);
    for (int i = 0; i < length; i++) {
      int more = i % STEPS.size() + 1;
      graph.addNode(
          "step-" + i, AsyncNodeAction.node_async(state -> Map.of("count", state.count() + more)));
      graph.addEdge(i == 0 ? GraphDefinition.START : "step-" + (i - 1), "step-" + i);
    }
    graph.addEdge("step-" + (length - 1), GraphDefinition.END);
    return graph.compile(CompileConfig.builder().recursionLimit(Integer.MAX_VALUE).build());
  }
}
