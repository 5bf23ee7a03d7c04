package dev.pawl.testkit.compat;

import dev.pawl.store.Codec;
import dev.pawl.store.CodecException;
import dev.pawl.store.Encoded;
import dev.pawl.store.HistoryRow;
import dev.pawl.testkit.compat.Finding.NodeGone;
import dev.pawl.testkit.compat.Finding.StateTypeChanged;
import dev.pawl.testkit.compat.Finding.Unreadable;
import dev.pawl.testkit.compat.Places.Place;
import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Holds one run against today's build: first its input, then its rows in order, then where it
/// stands.
final class RunCheck {
  private static final Pattern INDEX = Pattern.compile("\\[\\d+]");

  private final Places places;
  private final Optional<Codec> codec;
  private final States states;
  private final Standing standing = new Standing();
  private final Set<Finding> findings = new LinkedHashSet<>();

  RunCheck(Places places, Optional<Codec> codec, States states) {
    this.places = places;
    this.codec = codec;
    this.states = states;
  }

  void input(Encoded input) {
    read("", 0, input, places.root().state());
  }

  void row(HistoryRow row) {
    standing.add(row);
    if (row.state().isEmpty()) {
      return;
    }
    var place = places.find(row.node());
    type(row, place)
        .flatMap(type -> read(row.node(), row.seq(), row.state().get(), type))
        .flatMap(state -> place.flatMap(node -> Routes.check(node, row, state)))
        .ifPresent(this::add);
  }

  /// The type of what a row made. What a node that is gone made has the type of the node after it.
  private Optional<Type> type(HistoryRow row, Optional<Place> place) {
    if (row.kind() == HistoryRow.Kind.RECEIVED) {
      return place.flatMap(node -> node.payload(row.port()));
    }
    if (row.kind() == HistoryRow.Kind.OPENED) {
      return place
          .flatMap(node -> node.nested().stream().findFirst())
          .map(nested -> nested.state());
    }
    return place.or(() -> places.find(row.next())).map(node -> node.scope().result());
  }

  private Optional<Object> read(String node, long seq, Encoded stored, Type type) {
    try {
      var whole = states.whole(seq, stored);
      return Optional.of(codecOf(whole).decode(whole, type));
    } catch (CodecException e) {
      var reason = INDEX.matcher(String.valueOf(e.getMessage())).replaceAll("[]");
      add(new Unreadable(node, reason));
      return Optional.empty();
    }
  }

  private Codec codecOf(Encoded whole) {
    return whole instanceof Encoded.Reference
        ? Codec.references()
        : codec.orElseThrow(() ->
            new IllegalStateException(
                "no codec on the class path; add the dependency dev.pawl:pawl-jackson"));
  }

  private void add(Finding finding) {
    if (findings.size() < Tally.MOST) {
      findings.add(finding);
    }
  }

  /// Looks at the nodes where the run stands now.
  ///
  /// @param types the names of the types of the nodes' states when the run was last open to an
  ///   engine
  void standing(Map<String, String> types) {
    for (var node : standing.nodes()) {
      var place = places.find(node);
      if (place.isEmpty()) {
        add(new NodeGone(node));
        continue;
      }
      var before = types.get(node);
      var now = place.get().scope().result().getTypeName();
      if (before != null && !before.equals(now)) {
        add(new StateTypeChanged(node, before, now));
      }
    }
  }

  /// What was found.
  Set<Finding> findings() {
    return findings;
  }
}
