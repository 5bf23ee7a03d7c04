package dev.pawl.engine;

import dev.pawl.engine.value.Rows;
import dev.pawl.run.Plan;
import dev.pawl.store.Store;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Decides whether a definition may serve the open runs of its version, and whether the codec can
/// store its values.
final class Shapes {
  private static final int PAGE = 1_000;
  private static final List<RunStatus> OPEN =
      List.of(RunStatus.RUNNING, RunStatus.WAITING, RunStatus.COMPENSATING, RunStatus.PAUSED);
  private final DurableEngine engine;

  Shapes(DurableEngine engine) {
    this.engine = engine;
  }

  /// Accepts a definition, and remembers its shape.
  ///
  /// @throws IllegalArgumentException if a type cannot be stored
  /// @throws IncompatibleDefinition if open runs stand where the new shape has nothing, or another
  ///   type of state
  void accept(Registered registered) {
    checkTypes(registered.plan());
    var shape = shape(registered.plan());
    var known = engine.store().shape(registered.name(), registered.version());
    if (known.isPresent() && known.get().equals(shape)) {
      return;
    }
    if (known.isPresent()) {
      var missing = missing(registered, known.get());
      if (!missing.isEmpty()) {
        throw new IncompatibleDefinition(registered.name(), registered.version(), missing);
      }
    }
    engine.writer().putShape(registered.name(), registered.version(), shape);
  }

  private void checkTypes(Plan plan) {
    var problems = new ArrayList<String>();
    for (int node = 0; node < plan.size(); node++) {
      // The items of a map are made again from its state, so of those only the results are stored.
      for (var problem : engine.values().codec().problems(plan.scope(node).result())) {
        if (!problems.contains(problem)) {
          problems.add(problem);
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "workflow "
              + plan.definition().name()
              + " has values that cannot be stored: "
              + String.join("; ", problems));
    }
  }

  /// A line for each node: its name, the type of its state, what it does and where its ports lead.
  private static String shape(Plan plan) {
    var shape = new StringBuilder();
    for (int node = 0; node < plan.size(); node++) {
      shape
          .append(plan.name(node))
          .append('\t')
          .append(plan.scope(node).result().getTypeName())
          .append('\t')
          .append(plan.kind(node));
      for (int port = 0; port < plan.model(node).exits().ports(); port++) {
        shape
            .append('\t')
            .append(plan.label(node, port))
            .append('>')
            .append(plan.name(plan.target(node, port)));
      }
      for (int first : plan.fork(node)) {
        shape.append("\t+").append(plan.name(first));
      }
      if (!plan.fork(node).isEmpty()) {
        shape
            .append("\t=")
            .append(plan.name(plan.join(node)))
            .append(' ')
            .append(plan.needed(plan.join(node), plan.fork(node).size()));
      }
      shape.append('\n');
    }
    return shape.toString();
  }

  private static Map<String, String> types(String shape) {
    var types = new HashMap<String, String>();
    shape
        .lines()
        .forEach(line -> {
          var parts = line.split("\t", 3);
          types.put(parts[0], parts[1]);
        });
    return types;
  }

  /// How many open runs stand at each node that the new shape lacks.
  private Map<String, Long> missing(Registered registered, String known) {
    var missing = new TreeMap<String, Long>();
    var before = types(known);
    var filter =
        new Store.Filter(Optional.of(registered.name()), Optional.of(registered.version()), OPEN);
    var after = Optional.<RunId>empty();
    for (boolean more = true; more; ) {
      var page = engine.store().runs(filter, after, PAGE);
      for (var row : page) {
        engine
            .store()
            .load(row.id())
            .ifPresent(loaded ->
                lacking(registered, loaded, before)
                    .ifPresent(node -> missing.merge(node, 1L, Long::sum)));
      }
      more = page.size() == PAGE;
      after = page.isEmpty() ? after : Optional.of(page.getLast().id());
    }
    return missing;
  }

  private Optional<String> lacking(
      Registered registered, Store.Loaded loaded, Map<String, String> before) {
    var plan = registered.plan();
    try {
      var run = engine.stored().restore(registered, loaded).after();
      for (var branch : run.branches()) {
        var name = plan.name(branch.node());
        var type = before.get(name);
        if (type == null || !type.equals(plan.scope(branch.node()).result().getTypeName())) {
          return Optional.of(name);
        }
      }
      return Optional.empty();
    } catch (Rows.UnknownPlace e) {
      return Optional.of(e.node());
    }
  }
}
