package dev.pawl.bench.durable;

import dev.pawl.workflow.Choice;
import dev.pawl.workflow.Graph;
import dev.pawl.workflow.Node;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Outcome;
import dev.pawl.workflow.step.Reducer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A graph as plain data, from which a workflow can be made, and which can be walked without one.
///
/// @param nodes the nodes, the first of which is the start
record PlainGraph(List<PlainNode> nodes) {
  static final int ROUNDS = 10;

  /// What a node does. All but ends and joins add their weight to the sum.
  enum Kind {
    STEP,
    /// Goes to one of two nodes, by the seed.
    CHOICE,
    /// Goes back to its first target for ten rounds, then to its second.
    LOOP,
    /// Splits into all targets but the last, which is where they meet.
    FORK,
    JOIN,
    END
  }

  /// A node.
  ///
  /// @param weight what it adds to the sum
  /// @param targets the names of the nodes after it
  record PlainNode(String name, Kind kind, int weight, List<String> targets) {
    Walk visit(Walk walk) {
      return switch (kind) {
        case STEP, CHOICE, FORK -> walk.plus(weight);
        case LOOP -> walk.plus(weight).round();
        case JOIN, END -> walk;
      };
    }

    boolean goesLeft(Walk walk) {
      return ((walk.seed() ^ name.hashCode()) * 0x9E3779B97F4A7C15L) < 0;
    }

    static boolean goesBack(Walk walk) {
      return walk.rounds() < ROUNDS;
    }
  }

  /// The state of a walk.
  ///
  /// @param seed decides the choices
  /// @param rounds how often the loop was gone through
  /// @param sum of the weights of all visited nodes
  record Walk(long seed, int rounds, long sum) {
    private static final Field<Walk, Long> SUM = Field.of(Walk::sum);

    static Walk start(long seed) {
      return new Walk(seed, 0, 0);
    }

    Walk plus(int weight) {
      return new Walk(seed, rounds, sum + weight);
    }

    Walk round() {
      return new Walk(seed, rounds + 1, sum);
    }
  }

  /// The two ports of a choice.
  enum Way {
    LEFT,
    RIGHT
  }

  /// 50 nodes: 6 choices, 2 forks of 4 branches, a loop of 10 rounds.
  static PlainGraph fifty() {
    return new PlainGraphBuilder()
        .step()
        .choice()
        .choice()
        .step()
        .fork()
        .step()
        .choice()
        .loop()
        .step()
        .choice()
        .fork()
        .step()
        .choice()
        .step()
        .choice()
        .step()
        .step()
        .step()
        .end();
  }

  /// Where a walk ended, and which nodes it visited on the way, the end last.
  record Walked(Walk end, List<String> visits) {}

  /// Walks the graph, one branch of a fork after the other.
  Walked walk(long seed) {
    var visits = new ArrayList<String>();
    var byName = new HashMap<String, PlainNode>();
    nodes.forEach(node -> byName.put(node.name(), node));
    var end = walk(byName, nodes.getFirst().name(), "", Walk.start(seed), visits);
    return new Walked(end, List.copyOf(visits));
  }

  /// Walks from a node until the end, or until `stop`, which is not visited.
  private static Walk walk(
      Map<String, PlainNode> byName, String from, String stop, Walk start, List<String> visits) {
    var walk = start;
    for (var at = from; !at.equals(stop); ) {
      var node = byName.get(at);
      if (node == null) {
        throw new IllegalStateException("no node " + at);
      }
      visits.add(at);
      walk = node.visit(walk);
      switch (node.kind()) {
        case STEP, JOIN -> at = node.targets().getFirst();
        case CHOICE -> at = node.targets().get(node.goesLeft(walk) ? 0 : 1);
        case LOOP -> at = node.targets().get(PlainNode.goesBack(walk) ? 0 : 1);
        case FORK -> {
          var join = node.targets().getLast();
          long sum = walk.sum();
          for (var branch : node.targets().subList(0, node.targets().size() - 1)) {
            sum += walk(byName, branch, join, walk, visits).sum() - walk.sum();
          }
          walk = new Walk(walk.seed(), walk.rounds(), sum);
          at = join;
        }
        case END -> {
          return walk;
        }
      }
    }
    return walk;
  }

  /// The same graph as a workflow.
  Workflow<Walk> workflow() {
    var graph = Workflow.graph("fifty-nodes", Walk.class);
    graph.merge(Walk.SUM, Reducer.sumOfLongs());
    var made = new HashMap<String, Node<Walk>>();
    nodes.forEach(node -> made.put(node.name(), make(graph, node)));
    nodes.forEach(node -> connect(node, made));
    graph.start(get(made, nodes.getFirst().name()));
    return graph.build();
  }

  private static Node<Walk> make(Graph<Walk> graph, PlainNode node) {
    return switch (node.kind()) {
      case STEP, LOOP, FORK -> graph.step(node.name(), node::visit);
      case CHOICE ->
          graph.choice(
              node.name(),
              Way.class,
              (walk, context) -> {
                var after = node.visit(walk);
                return Outcome.to(node.goesLeft(after) ? Way.LEFT : Way.RIGHT, after);
              });
      case JOIN -> graph.join(node.name(), Join.ALL);
      case END -> graph.end(node.name());
    };
  }

  private static void connect(PlainNode node, Map<String, Node<Walk>> made) {
    var from = get(made, node.name());
    var targets = node.targets().stream().map(name -> get(made, name)).toList();
    switch (node.kind()) {
      case STEP, JOIN -> from.otherwise(targets.getFirst());
      case CHOICE -> {
        if (from instanceof Choice<Walk, ?> choice) {
          connect(choice, targets);
        }
      }
      case LOOP ->
          from.when("again", PlainNode::goesBack, targets.getFirst()).otherwise(targets.getLast());
      case FORK -> targets.subList(0, targets.size() - 1).forEach(branch -> from.fork(branch));
      case END -> {}
    }
  }

  @SuppressWarnings("unchecked") // every choice of this graph is over Way
  private static void connect(Choice<Walk, ?> choice, List<Node<Walk>> targets) {
    var ways = (Choice<Walk, Way>) choice;
    ways.on(Way.LEFT, targets.getFirst()).on(Way.RIGHT, targets.getLast());
  }

  private static Node<Walk> get(Map<String, Node<Walk>> made, String name) {
    var node = made.get(name);
    if (node == null) {
      throw new IllegalStateException("no node " + name);
    }
    return node;
  }
}
