package dev.pawl.testkit.workload;

import dev.pawl.engine.BranchFailed;
import dev.pawl.workflow.Branch;
import dev.pawl.workflow.Graph;
import dev.pawl.workflow.Node;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Outcome;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Reducer;
import dev.pawl.workflow.step.Retry;
import dev.pawl.workflow.step.Signal;
import dev.pawl.workflow.step.StepContext;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Random workflows of all kinds of nodes; of delays, and retries that wait, only where time is
/// virtual. They end: edges lead forward, but for loops that count their laps. What their steps do
/// depends on the state and the attempt alone, so each path has to come to the same.
final class RandomWorkflows {
  /// What a fold of an error edge says that fails itself.
  static final String BROKEN_FOLD = "the fold broke";

  /// What runs wait for where they wait for a signal.
  static final Signal<String> TICK = Signal.of("tick", String.class);

  /// What no wait takes from a sender who waits for the answer.
  static final String REFUSED = "?";

  private static final List<Duration> WAITS =
      List.of(
          Duration.ZERO,
          Duration.ofMillis(50),
          Duration.ofMillis(900),
          Duration.ofSeconds(15),
          Duration.ofMinutes(3),
          Duration.ofHours(2));

  private static final List<Duration> LIMITS =
      List.of(
          Duration.ofMillis(20),
          Duration.ofSeconds(14),
          Duration.ofMinutes(5),
          Duration.ofHours(3));

  private final SplittableRandom random;
  private final Effect effect;
  private final Optional<Instant> now;
  private int children;

  private RandomWorkflows(SplittableRandom random, Effect effect, Optional<Instant> now) {
    this.random = random;
    this.effect = effect;
    this.now = now;
  }

  /// Workflows that take no time. The same randomness makes the same workflows.
  ///
  /// @param effect what each attempt of a step does first
  static RandomWorkflows fast(SplittableRandom random, Effect effect) {
    return new RandomWorkflows(random, effect, Optional.empty());
  }

  /// Workflows that wait up to hours.
  ///
  /// @param effect what each attempt of a step does first
  /// @param now when the first of them starts
  static RandomWorkflows slow(SplittableRandom random, Effect effect, Instant now) {
    return new RandomWorkflows(random, effect, Optional.of(now));
  }

  /// What a step does beside its work.
  @FunctionalInterface
  interface Effect {
    /// Does it.
    void happen(StepContext context) throws Exception;
  }

  /// Makes a workflow.
  Workflow<Sample> next() {
    return workflow("random", 3, true);
  }

  /// Makes a workflow with another name.
  ///
  /// @param depth how deep its parts nest, from 1 on
  Workflow<Sample> next(String name, int depth) {
    return workflow(name, depth, true);
  }

  private Workflow<Sample> workflow(String name, int depth, boolean listens) {
    return new Sketch(name, depth, listens).build();
  }

  private boolean chance(double share) {
    return random.nextDouble() < share;
  }

  private enum Port {
    LEFT,
    MIDDLE,
    RIGHT
  }

  /// A part of a graph that is entered at one node.
  ///
  /// @param first that node
  /// @param loose the edges that lead out of it, to be led to what comes next
  private record Part(Node<Sample> first, List<Consumer<Node<Sample>>> loose) {
    void leadTo(Node<Sample> next) {
      loose.forEach(edge -> edge.accept(next));
    }
  }

  /// A graph in the making.
  private final class Sketch {
    private final Graph<Sample> graph;
    private final int depth;

    /// Whether it may wait for signals: nobody sends any to the runs that others start.
    private final boolean listens;

    private int nodes;

    /// Whether an end may stand here: one in a fork without a declared join would move its join.
    private boolean mayEnd = true;

    private Sketch(String name, int depth, boolean listens) {
      this.graph = Workflow.graph(name, Sample.class);
      this.depth = depth;
      this.listens = listens;
    }

    private Workflow<Sample> build() {
      var all = sequence(depth);
      all.leadTo(graph.end("done"));
      graph
          .start(all.first)
          .merge(Sample.COUNT, Reducer.sum())
          .merge(Sample.PEAK, Reducer.max())
          .merge(Sample.TRAIL, Reducer.append())
          .merge(Sample.SEEN, Reducer.union())
          .merge(Sample.LAPS, Sample.ENTRIES);
      if (now.isPresent() && chance(0.15)) {
        graph.within(LIMITS.get(random.nextInt(LIMITS.size())));
      }
      if (chance(0.7)) {
        graph.merge(Sample.TEXT, Reducer.last());
      }
      return graph.build();
    }

    private Part sequence(int depth) {
      var first = part(depth);
      var last = first;
      for (int more = random.nextInt(depth + 1); more > 0; more--) {
        var next = part(depth);
        last.leadTo(next.first);
        last = next;
      }
      return new Part(first.first, last.loose);
    }

    private Part part(int depth) {
      int kind = depth <= 1 ? 0 : random.nextInt(16);
      return switch (kind) {
        case 5, 6 -> edges(depth - 1);
        case 7 -> choice(depth - 1);
        case 8 -> loop(depth - 1);
        case 9, 10, 11 -> fork(depth - 1);
        default -> loose(anyNode(depth - 1));
      };
    }

    /// A node with a single way out.
    private Node<Sample> anyNode(int depth) {
      return switch (depth < 1 ? 0 : random.nextInt(now.isPresent() ? 16 : 9)) {
        case 5 -> parallel();
        case 6 -> map();
        case 7 -> mapOfWorkflow(depth);
        case 8 -> call(depth);
        case 9, 10 -> delay();
        case 11, 12 -> listens ? await() : delay();
        case 13 -> child(depth);
        case 14 -> children(depth);
        case 15 -> graph.launch(name("launch"), childWorkflow(depth), state -> state);
        default -> step("step");
      };
    }

    private Node<Sample> delay() {
      int salt = random.nextInt();
      var start = now.orElseThrow();
      return graph.delay(
          name("delay"),
          state -> start.plus(WAITS.get(hash(salt, state.count(), 0) % WAITS.size())));
    }

    private Node<Sample> await() {
      var name = name("await");
      int salt = random.nextInt();
      return graph
          .await(
              name,
              TICK,
              (state, tick) -> {
                if (hash(salt, state.count(), 0) % 24 == 0) {
                  throw new IOException(name + " is broken");
                }
                return state.after(name + tick);
              })
          .check((state, tick) -> {
            if (tick.equals(REFUSED)) {
              throw new IOException(name + " refuses " + tick);
            }
          })
          .with(policy());
    }

    private String name(String kind) {
      return kind + ++nodes;
    }

    /// A node with one edge, and perhaps error edges.
    private Part loose(Node<Sample> node) {
      var loose = new ArrayList<Consumer<Node<Sample>>>();
      loose.add(node::otherwise);
      errorEdges(node, loose);
      return new Part(node, loose);
    }

    private void errorEdges(Node<Sample> node, List<Consumer<Node<Sample>>> loose) {
      if (chance(0.3)) {
        errorEdge(node, IOException.class, loose);
      }
      if (chance(0.3)) {
        var types = List.of(BranchFailed.class, Exception.class, IllegalStateException.class);
        errorEdge(node, types.get(random.nextInt(types.size())), loose);
      }
    }

    private <X extends Exception> void errorEdge(
        Node<Sample> node, Class<X> type, List<Consumer<Node<Sample>>> loose) {
      boolean breaks = chance(0.1);
      int salt = random.nextInt();
      Consumer<Node<Sample>> edge =
          next ->
              node.onError(
                  type,
                  (state, error) -> {
                    if (breaks && hash(salt, state.count(), 0) % 2 == 0) {
                      throw new IllegalStateException(BROKEN_FOLD);
                    }
                    return state.see(error.getClass().getSimpleName());
                  },
                  next);
      if (mayEnd && chance(0.3)) {
        edge.accept(graph.end(name("end")));
      } else {
        loose.add(edge);
      }
    }

    private Node<Sample> step(String kind) {
      var name = name(kind);
      var work = work(name);
      var step = graph.step(name, work::run).with(policy());
      return now.isPresent() && chance(0.3)
          ? step.compensate((state, context) -> effect.happen(context))
          : step;
    }

    private Part edges(int depth) {
      var node = step("edges");
      var loose = new ArrayList<Consumer<Node<Sample>>>();
      for (int i = 0; i <= random.nextInt(2); i++) {
        int salt = random.nextInt();
        var arm = sequence(depth);
        node.when("when" + i, state -> hash(salt, state.count(), i(state)) % 2 == 0, arm.first);
        loose.addAll(arm.loose);
      }
      if (chance(0.95)) {
        loose.add(node::otherwise);
      }
      errorEdges(node, loose);
      return new Part(node, loose);
    }

    private Part choice(int depth) {
      var name = name("choice");
      int salt = random.nextInt();
      var work = work(name);
      var node =
          graph.choice(
              name,
              Port.class,
              (Sample state, StepContext context) -> {
                var after = work.run(state, context);
                return Outcome.to(Port.values()[hash(salt, state.count(), 0) % 3], after);
              });
      node.with(policy());
      var loose = new ArrayList<Consumer<Node<Sample>>>();
      for (var port : Port.values()) {
        if (chance(0.4)) {
          loose.add(next -> node.on(port, next));
        } else {
          var arm = sequence(depth);
          node.on(port, arm.first);
          loose.addAll(arm.loose);
        }
      }
      errorEdges(node, loose);
      return new Part(node, loose);
    }

    private Part loop(int depth) {
      var body = sequence(depth);
      var name = name("loop");
      int laps = random.nextInt(1, 4);
      var again = graph.step(name, state -> state.lap(name, laps));
      again.when("again", state -> state.laps().containsKey(name), body.first);
      body.leadTo(again);
      return new Part(body.first, List.of(again::otherwise));
    }

    private Part fork(int depth) {
      var fork = step("fork");
      if (chance(0.3)) {
        fork.pure();
      }
      boolean declaresJoin = chance(0.7);
      boolean mayEndAfter = mayEnd;
      mayEnd = declaresJoin;
      int branches = random.nextInt(2, 5);
      var loose = new ArrayList<Consumer<Node<Sample>>>();
      for (int i = 0; i < branches; i++) {
        var branch = sequence(depth);
        fork.fork(branch.first);
        loose.addAll(branch.loose);
      }
      mayEnd = mayEndAfter;
      var join =
          declaresJoin ? graph.join(name("join"), mode(branches)).with(policy()) : anyNode(depth);
      loose.forEach(edge -> edge.accept(join));
      return loose(fork, join);
    }

    /// A fork and its join, each perhaps with error edges.
    private Part loose(Node<Sample> fork, Node<Sample> join) {
      var out = loose(join);
      errorEdges(fork, out.loose);
      return new Part(fork, out.loose);
    }

    private Join mode(int branches) {
      return switch (random.nextInt(8)) {
        case 0 -> Join.ANY;
        case 1 -> Join.atLeast(random.nextInt(1, branches + 1));
        default -> Join.ALL;
      };
    }

    private Node<Sample> parallel() {
      var name = name("parallel");
      var node =
          chance(0.5)
              ? graph.parallel(
                  name, branch("a"), branch("b"), (state, a, b) -> state.after(a).text(b))
              : graph.parallel(
                  name,
                  branch("a"),
                  branch("b"),
                  branch("c"),
                  (state, a, b, c) -> state.after(a + b).see(c));
      return chance(0.3) ? node.pure() : node;
    }

    private Branch<Sample, String> branch(String name) {
      var work = work(name);
      return graph
          .branch(
              name,
              String.class,
              (state, context) -> {
                var after = work.run(state, context);
                return after.trail().getLast() + after.count();
              })
          .with(policy());
    }

    private Node<Sample> map() {
      var name = name("map");
      var work = work(name);
      int most = random.nextInt(6);
      var node =
          graph.map(
              name,
              state -> items(state, most),
              String.class,
              (String item, StepContext context) -> {
                var after = work.run(Sample.EMPTY.text(item).peak(item.hashCode()), context);
                return item + after.text();
              },
              (state, results) -> {
                var after = state.after(results.done() + " of " + results.values());
                for (var failure : results.failures()) {
                  after = after.see(failure.input() + failure.error() + failure.attempts());
                }
                return after;
              });
      if (chance(0.5)) {
        node.key(item -> "key-" + item);
      }
      if (chance(0.3)) {
        node.pure();
      }
      return node.width(random.nextInt(1, 4)).tolerate(random.nextInt(3) / 2.0).with(policy());
    }

    private Node<Sample> mapOfWorkflow(int depth) {
      int most = random.nextInt(4);
      var node =
          graph.map(
              name("each"),
              state -> items(state, most).stream().map(Sample.EMPTY::text).toList(),
              workflow("item", depth, listens),
              (state, results) -> {
                var after = state.after(results.failed() + " failed");
                for (var value : results.values()) {
                  after = after.see(value.text() + value.trail()).peak(value.count());
                }
                return after;
              });
      if (chance(0.3)) {
        node.pure();
      }
      return node.width(random.nextInt(1, 4)).tolerate(random.nextInt(3) / 2.0);
    }

    private static List<String> items(Sample state, int most) {
      return IntStream.range(0, state.count() % (most + 1)).mapToObj(i -> "item" + i).toList();
    }

    private Node<Sample> call(int depth) {
      var name = name("call");
      return graph
          .call(
              name,
              workflow("sub", depth, listens),
              state -> Sample.EMPTY.text(state.text()).peak(state.count()),
              (state, result) -> state.after(name + result.trail()).text(result.text()))
          .with(policy());
    }

    private Workflow<Sample> childWorkflow(int depth) {
      return workflow("child" + ++children, depth, false);
    }

    private Node<Sample> child(int depth) {
      var name = name("child");
      return graph
          .child(
              name,
              childWorkflow(depth),
              state -> Sample.EMPTY.text(state.text()).peak(state.count()),
              (state, result) -> state.after(name + result.trail()).text(result.text()))
          .with(policy());
    }

    private Node<Sample> children(int depth) {
      int most = random.nextInt(4);
      return graph
          .children(
              name("children"),
              childWorkflow(depth),
              state -> items(state, most).stream().map(Sample.EMPTY::text).toList(),
              (state, results) -> {
                var after = state.after(results.failed() + " failed");
                for (var value : results.values()) {
                  after = after.see(value.text() + value.trail()).peak(value.count());
                }
                return after;
              })
          .width(random.nextInt(1, 4))
          .tolerate(random.nextInt(3) / 2.0)
          .with(policy());
    }

    private Work work(String name) {
      return new Work(name, random.nextInt(), random.nextInt(8));
    }

    private Policy policy() {
      if (chance(0.3)) {
        return Policy.DEFAULT;
      }
      var wait = now.isPresent() ? WAITS.get(random.nextInt(WAITS.size())) : Duration.ZERO;
      var retry = Retry.fixed(wait, random.nextInt(1, 5));
      return Policy.DEFAULT.retry(chance(0.2) ? retry.never(IOException.class) : retry);
    }
  }

  /// What a step does, drawn once.
  private final class Work {
    private final String name;
    private final int salt;
    private final int change;

    private Work(String name, int salt, int change) {
      this.name = name;
      this.salt = salt;
      this.change = change;
    }

    @SuppressWarnings("NullAway") // steps of users return null, too
    private Sample run(Sample state, StepContext context) throws Exception {
      effect.happen(context);
      switch (hash(salt, state.count() + state.peak(), context.attempt()) % 24) {
        case 0, 1 -> throw new IOException(name + " is down");
        case 2 -> throw new IllegalStateException(name);
        case 3 -> throw new AssertionError();
        case 4 -> {
          return null;
        }
        default -> {
          // It works.
        }
      }
      var after = state.after(name);
      return switch (change) {
        case 0 -> after.text(name + state.count());
        case 1, 2 -> after.see(name);
        case 3 -> after.peak(state.count());
        default -> after;
      };
    }
  }

  private static int i(Sample state) {
    return state.seen().size();
  }

  private static int hash(int salt, int count, int attempt) {
    int hash = (salt * 31 + count) * 31 + attempt;
    hash = (hash ^ (hash >>> 16)) * 0x45d9f3b;
    return (hash ^ (hash >>> 13)) & Integer.MAX_VALUE;
  }
}
