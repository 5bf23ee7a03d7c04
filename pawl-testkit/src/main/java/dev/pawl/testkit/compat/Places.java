package dev.pawl.testkit.compat;

import dev.pawl.workflow.model.Definition;
import dev.pawl.workflow.model.NodeModel;
import dev.pawl.workflow.model.Work;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Today's nodes of a workflow and of all that are nested in it, by the names that histories use.
final class Places {
  private final Map<String, Place> byName = new HashMap<>();
  private final Definition<?> root;

  Places(Definition<?> root) {
    this.root = root;
    lay(root, "");
  }

  private void lay(Definition<?> definition, String prefix) {
    for (var node : definition.nodes()) {
      var place = new Place(definition, node, prefix);
      byName.put(place.name(), place);
      place.nested().forEach(nested -> lay(nested, place.name() + "/"));
    }
  }

  /// The workflow itself.
  Definition<?> root() {
    return root;
  }

  Optional<Place> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /// A node in its workflow.
  ///
  /// @param scope the workflow that it is a node of
  /// @param prefix what comes before the names of that workflow's nodes
  record Place(Definition<?> scope, NodeModel<?> model, String prefix) {
    String name() {
      return prefix + model.name();
    }

    /// What a history calls the target of an edge: nothing if it is an end.
    String target(int target) {
      var node = scope.node(target);
      return node.work() instanceof Work.End<?> ? "" : prefix + node.name();
    }

    /// The workflows that it runs.
    List<Definition<?>> nested() {
      return model.work().nested();
    }

    /// The type of what a signal carries, if it waits for that signal.
    Optional<Type> payload(String signal) {
      return model.work() instanceof Work.Await<?> await && await.find(signal) >= 0
          ? Optional.of(await.handlers().get(await.find(signal)).signal().type())
          : Optional.empty();
    }

    /// Whether any way leads from one of this workflow's nodes to another; an empty name stands for
    /// the ends.
    boolean leads(int from, String to) {
      var seen = new HashSet<Integer>();
      var open = new ArrayDeque<>(List.of(from));
      while (!open.isEmpty()) {
        int at = open.pop();
        if (target(at).equals(to)) {
          return true;
        }
        if (seen.add(at)) {
          var exits = scope.node(at).exits();
          for (int port = 0; port < exits.ports(); port++) {
            open.push(exits.target(port));
          }
          open.addAll(exits.fork());
        }
      }
      return false;
    }
  }
}
