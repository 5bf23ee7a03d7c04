package dev.pawl.testkit.compat;

import dev.pawl.store.HistoryRow;
import dev.pawl.testkit.compat.Finding.AnotherEdge;
import dev.pawl.testkit.compat.Finding.NoEdge;
import dev.pawl.testkit.compat.Finding.PredicateThrows;
import dev.pawl.testkit.compat.Finding.Way;
import dev.pawl.testkit.compat.Places.Place;
import dev.pawl.workflow.model.Exits;
import dev.pawl.workflow.model.Work;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Takes recorded edges again, with today's predicates.
///
/// An edge is the same if its label is, which is what histories call it, or if it leads to the same
/// node. One that was led to another node is accepted as long as the recorded target can still be
/// reached from there: that is how nodes are added. Choices, forks, errors and timeouts are not
/// taken again, because steps decide them.
final class Routes {
  private Routes() {}

  /// What is wrong with the edge that a row records.
  ///
  /// @param place the node that was left
  /// @param state the state that it made
  static Optional<Finding> check(Place place, HistoryRow row, Object state) {
    var edges = place.model().exits().edges();
    if (row.kind() != HistoryRow.Kind.LEFT
        || row.error().isPresent()
        || row.next().indexOf('|') >= 0
        || edges.isEmpty()
        || place.model().work() instanceof Work.Choose<?, ?>) {
      return Optional.empty();
    }
    var before = new Way(row.port(), row.next());
    for (var edge : edges) {
      try {
        if (accepts(edge, state)) {
          return compare(place, before, edge);
        }
      } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
        return Optional.of(new PredicateThrows(row.node(), edge.label(), described(e)));
      }
    }
    return Optional.of(new NoEdge(row.node(), before));
  }

  @SuppressWarnings("unchecked") // a predicate of this node, and a state that it made
  private static boolean accepts(Exits.Edge<?> edge, Object state) throws Exception {
    return edge.test().isEmpty() || ((Predicate<Object>) edge.test().get()).test(state);
  }

  private static Optional<Finding> compare(Place place, Way before, Exits.Edge<?> taken) {
    var now = new Way(taken.label(), place.target(taken.target()));
    boolean same = recorded(place, before).contains(taken) && leadsOn(place, before, taken);
    return same ? Optional.empty() : Optional.of(new AnotherEdge(place.name(), before, now));
  }

  /// Today's edges that the recorded one may be.
  private static List<? extends Exits.Edge<?>> recorded(Place place, Way before) {
    var edges = place.model().exits().edges();
    var named = edges.stream().filter(edge -> edge.label().equals(before.label())).toList();
    return named.isEmpty()
        ? edges.stream()
            .filter(edge -> place.target(edge.target()).equals(before.target()))
            .toList()
        : named;
  }

  private static boolean leadsOn(Place place, Way before, Exits.Edge<?> taken) {
    boolean gone =
        !before.target().isEmpty()
            && place.scope().nodes().stream()
                .noneMatch(node -> place.target(node.index()).equals(before.target()));
    return gone || place.leads(taken.target(), before.target());
  }

  private static String described(Throwable error) {
    return error.getMessage() == null
        ? error.getClass().getName()
        : error.getClass().getName() + ": " + error.getMessage();
  }
}
