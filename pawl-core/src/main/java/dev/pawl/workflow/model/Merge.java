package dev.pawl.workflow.model;

import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Reducer;
import dev.pawl.workflow.step.Reducer.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How the states of forked branches become one again: component by component for records of one
/// class, or by one reducer for the whole state.
///
/// A component with a reducer gets the changes of the branches that changed it, in branch order.
/// Without one, a component that one branch changed, or several changed alike, takes that value;
/// otherwise it is a [MergeConflict].
///
/// @param whole merges whole states; then `fields` does not count
/// @param fields reducers by component
@SuppressWarnings("NullAway") // components of users' states may be null
public record Merge<S>(Optional<Reducer<S>> whole, Map<Field<S, ?>, Reducer<?>> fields) {
  /// Copies the map.
  public Merge {
    fields = Map.copyOf(fields);
  }

  /// Without any reducer.
  public static <S> Merge<S> plain() {
    return new Merge<>(Optional.empty(), Map.of());
  }

  /// The merged state.
  ///
  /// @param base the state at the fork
  /// @param changes start and end of each branch that counts, in branch order
  /// @param names the first nodes of these branches
  /// @throws MergeConflict if branches disagree about a component without a reducer
  public S apply(S base, List<Change<S>> changes, List<String> names) {
    return whole.isPresent() ? whole.get().apply(base, changes) : byPart(base, changes, names);
  }

  @SuppressWarnings("unchecked") // made of the parts of states
  private S byPart(S base, List<Change<S>> changes, List<String> names) {
    var parts = parts(base, changes);
    var before = parts.split(base);
    int branches = changes.size();
    var starts = new Object[branches][];
    var ends = new Object[branches][];
    for (int i = 0; i < branches; i++) {
      var change = changes.get(i);
      starts[i] = change.start() == base ? before : parts.split(change.start());
      ends[i] = change.end() == base ? before : parts.split(change.end());
    }
    var reducers = reducers(parts.names());
    var after = new Object[before.length];
    for (int part = 0; part < after.length; part++) {
      after[part] =
          reducers[part] != null
              ? reduced(reducers[part], part, before[part], starts, ends)
              : agreed(parts.names()[part], part, before[part], starts, ends, names);
    }
    return (S) parts.join(after);
  }

  private Parts parts(S base, List<Change<S>> changes) {
    var type = base.getClass();
    for (var change : changes) {
      if (change.start().getClass() != type || change.end().getClass() != type) {
        return Parts.WHOLE;
      }
    }
    return Parts.of(type);
  }

  private @Nullable Reducer<?>[] reducers(String[] names) {
    var reducers = new Reducer<?>[names.length];
    for (var entry : fields.entrySet()) {
      for (int i = 0; i < names.length; i++) {
        if (names[i].equals(entry.getKey().name())) {
          reducers[i] = entry.getValue();
        }
      }
    }
    return reducers;
  }

  @SuppressWarnings("unchecked") // a reducer of this part, and values of it
  private static @Nullable Object reduced(
      Reducer<?> reducer, int part, @Nullable Object before, Object[][] starts, Object[][] ends) {
    var changes = new ArrayList<Change<Object>>(ends.length);
    for (int i = 0; i < ends.length; i++) {
      if (!Objects.equals(starts[i][part], ends[i][part])) {
        changes.add(new Change<>(starts[i][part], ends[i][part]));
      }
    }
    return changes.isEmpty() ? before : ((Reducer<Object>) reducer).apply(before, changes);
  }

  private static @Nullable Object agreed(
      String name,
      int part,
      @Nullable Object before,
      Object[][] starts,
      Object[][] ends,
      List<String> names) {
    var value = before;
    boolean changed = false;
    for (int i = 0; i < ends.length; i++) {
      if (!Objects.equals(starts[i][part], ends[i][part])) {
        if (!changed) {
          changed = true;
          value = ends[i][part];
        } else if (!Objects.equals(value, ends[i][part])) {
          throw new MergeConflict(name, changedBy(part, starts, ends, names));
        }
      }
    }
    return value;
  }

  private static List<String> changedBy(
      int part, Object[][] starts, Object[][] ends, List<String> names) {
    var by = new ArrayList<String>();
    for (int i = 0; i < ends.length; i++) {
      if (!Objects.equals(starts[i][part], ends[i][part])) {
        by.add(names.get(i));
      }
    }
    return by;
  }
}
