package dev.pawl.testkit;

import static java.util.Objects.requireNonNull;

import dev.pawl.engine.value.Rows;
import dev.pawl.engine.value.Value;
import dev.pawl.engine.value.Values;
import dev.pawl.run.Branch;
import dev.pawl.run.Inbox;
import dev.pawl.run.Limits;
import dev.pawl.run.Plan;
import dev.pawl.run.Transitions;
import dev.pawl.run.Undos;
import dev.pawl.store.Codec;
import dev.pawl.store.Encoded;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Work;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A workflow under test: with code that is watched, and what can be read of its runs in a store.
///
/// @param original as the test made it
/// @param workflow the one to run
/// @param plan its nodes, by full names
/// @param values reads what is stored
record Watched<S>(Workflow<S> original, Workflow<S> workflow, Plan plan, Values values) {
  private static final Limits NONE = new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE, 0);

  static <S> Watched<S> of(Workflow<S> workflow, Attempts attempts, Codec codec) {
    var watched = workflow.with(Instruments.around(workflow.definition(), attempts));
    var plan = Plan.of(watched.definition());
    return new Watched<>(workflow, watched, plan, new Values(codec, Integer.MAX_VALUE, false));
  }

  /// Whether a run can wait in one of its nodes.
  boolean waits() {
    return IntStream.range(0, plan.size()).anyMatch(node -> plan.kind(node).waits());
  }

  /// Whether a branch at a node that waits for signals has done all that comes before.
  boolean listens(Branch branch) {
    var await = plan.await(branch.node());
    boolean enters = await.isEmpty() || await.get().entering().isPresent();
    var listening = branch.listening();
    return !enters || listening != null && listening.heard().contains(Work.Await.ENTERED);
  }

  boolean has(String node) {
    return plan.find(node) >= 0;
  }

  /// Checks that a node runs a step.
  ///
  /// @throws IllegalArgumentException if it does not, naming the nodes that do
  void checkStep(String node) {
    int index = plan.find(node);
    if (!runsStep(index)) {
      var inner = steps().stream().filter(name -> name.startsWith(node + "/")).toList();
      throw new IllegalArgumentException(
          "node "
              + node
              + " of workflow "
              + workflow.name()
              + " runs no step of its own; name one of "
              + String.join(", ", inner.isEmpty() ? steps() : inner));
    }
  }

  private boolean runsStep(int node) {
    return switch (plan.kind(node)) {
      case STEP, CHOICE, DELAY, AWAIT -> true;
      case CHILD, CALL, MAP, PARALLEL, MEET, END -> false;
    };
  }

  /// The full names of the nodes that run a step.
  private List<String> steps() {
    return IntStream.range(0, plan.size())
        .filter(this::runsStep)
        .mapToObj(plan::name)
        .distinct()
        .toList();
  }

  /// Why there is no such node, with the names that there are.
  static IllegalArgumentException unknown(String node, List<Watched<?>> workflows) {
    var names = workflows.stream().flatMap(watched -> watched.steps().stream()).distinct().toList();
    var near =
        names.stream()
            .filter(name -> distance(name, node) <= 1 + node.length() / 3 || ends(name, node))
            .min(Comparator.comparingInt(name -> distance(name, node)));
    return new IllegalArgumentException(
        "there is no node "
            + node
            + near.map(name -> "; did you mean " + name + "?").orElse(".")
            + " The steps of "
            + String.join(", ", workflows.stream().map(w -> w.workflow().name()).toList())
            + " are "
            + String.join(", ", names));
  }

  private static boolean ends(String name, String node) {
    return name.endsWith("/" + node);
  }

  /// How many characters must be added, removed or replaced to make one of the other.
  private static int distance(String one, String other) {
    var row = IntStream.rangeClosed(0, other.length()).toArray();
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }

  /// The branches of a run that may go on by itself, as the store has it; of others none.
  List<Branch> branches(Optional<Store.Loaded> stored) {
    if (stored.isEmpty()) {
      return List.of();
    }
    var row = stored.get().run();
    boolean goesOn =
        switch (row.state().status()) {
          case RUNNING, WAITING, COMPENSATING -> true;
          case PAUSED, COMPLETED, FAILED, CANCELLED, ERASED -> false;
        };
    if (!goesOn) {
      return List.of();
    }
    var input = input(row);
    var facts = new Rows.Reader(plan, values, input).facts(stored.get().history());
    var waits =
        stored.get().waits().stream()
            .map(wait -> new Transitions.Waiting(wait.branch(), wait.visit(), wait.wakeAt()))
            .toList();
    var branches = new ArrayList<Branch>();
    new Transitions(plan, NONE)
        .restore(input, row.created(), facts, waits, Inbox.EMPTY, Undos.none(), null, null)
        .after()
        .branches()
        .forEach(branches::add);
    return branches;
  }

  private Value input(RunRow row) {
    return Value.whole(values.codec(), plan.definition().state(), row.input(), 0);
  }

  /// What a run went through, a line for each thing worth reading: nodes in the order of commit,
  /// what each changed in the state, and how it ended. No times, ids and retries: two runs that
  /// differ in these only give the same.
  List<String> course(RunRow row, List<HistoryRow> history) {
    var input = input(row);
    var values = new HashMap<Long, Value>(Map.of(0L, input));
    var states = new HashMap<String, Object>(Map.of("", input.get()));
    var lines = new ArrayList<String>();
    lines.add("start");
    add(lines, Leaves.of(input.get()).lines());
    for (var each : history) {
      var value = value(each, values);
      switch (each.kind()) {
        case LEFT -> left(lines, each, value, states, "");
        case STAYED -> left(lines, each, value, states, " stayed");
        case RECEIVED ->
            lines.add(each.node() + inBranch(each.branch()) + " received " + each.port());
        case DROPPED ->
            lines.add(each.node() + inBranch(each.branch()) + " dropped " + each.port());
        case FINISHED ->
            lines.add(each.node() + inBranch(each.branch()) + " finished though stopped");
        case UNDONE -> lines.add(each.node() + inBranch(each.branch()) + " undone");
        case MERGED -> {
          if (value != null) {
            states.put(each.branch(), value.get());
          }
        }
        case GAVE_UP, SPENT ->
            lines.add(
                each.node() + inBranch(each.branch()) + " failed: " + each.error().orElse(""));
        case EXPIRED -> lines.add("expired: " + each.error().orElse(""));
        case OPENED, RETRY, AGAIN, PAUSED, RESUMED, CANCELLED, ABANDONED -> {
          // not part of the course
        }
      }
    }
    var state = row.state();
    lines.add(
        switch (state.status()) {
          case COMPLETED -> "completed at " + state.reason();
          case FAILED -> "failed: " + state.reason();
          case CANCELLED, ERASED -> "cancelled: " + state.reason();
          case RUNNING, WAITING, COMPENSATING, PAUSED -> "still open";
        });
    lines.replaceAll(line -> line.replace(row.id().toString(), "(run id)"));
    return lines;
  }

  /// The value of a row, which later ones may be patches of.
  private @Nullable Value value(HistoryRow row, Map<Long, Value> known) {
    int node = plan.find(row.node());
    if (node < 0 || row.state().isEmpty()) {
      return null;
    }
    var type =
        switch (row.kind()) {
          case OPENED -> plan.nested(node, 0).state();
          case RECEIVED -> plan.message(row.port()).orElseThrow().type();
          default -> plan.scope(node).result();
        };
    var stored = row.state().get();
    var value =
        stored instanceof Encoded.Patch patch
            ? Value.patched(
                values.codec(), type, patch, requireNonNull(known.get(patch.base())), row.seq())
            : Value.whole(values.codec(), type, stored, row.seq());
    known.put(row.seq(), value);
    return value;
  }

  private static void left(
      List<String> lines,
      HistoryRow row,
      @Nullable Value value,
      Map<String, Object> states,
      String what) {
    var port = row.port().isEmpty() ? "" : " -> " + row.port();
    lines.add(row.node() + inBranch(row.branch()) + what + port);
    if (value != null) {
      var after = value.get();
      var before = before(row.branch(), states);
      var leaves = Leaves.of(after);
      add(
          lines,
          before != null && before.getClass() == after.getClass()
              ? leaves.linesSince(Leaves.of(before))
              : leaves.lines());
      states.put(row.branch(), after);
    }
  }

  private static @Nullable Object before(String branch, Map<String, Object> states) {
    var known = states.get(branch);
    int parent = branch.lastIndexOf('/');
    return known == null && parent >= 0 ? before(branch.substring(0, parent), states) : known;
  }

  private static String inBranch(String branch) {
    return branch.isEmpty() ? "" : " [" + branch + "]";
  }

  private static void add(List<String> lines, List<String> details) {
    details.forEach(detail -> lines.add("    " + detail));
  }
}
