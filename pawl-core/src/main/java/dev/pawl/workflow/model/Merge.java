package dev.pawl.workflow.model;

import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Reducer;
import dev.pawl.workflow.step.Reducer.Change;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
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
    return whole
        .map(reducer -> reducer.apply(base, changes))
        .orElseGet(() -> byComponent(base, changes, names));
  }

  private S byComponent(S base, List<Change<S>> changes, List<String> names) {
    var shape = base.getClass().isRecord() ? Shape.of(base.getClass()) : null;
    boolean alike = changes.stream().allMatch(c -> c.end().getClass() == base.getClass());
    if (shape == null || !alike) {
      return cast(one("state", null, base, List.copyOf(changes), names));
    }
    var values = new Object[shape.accessors.length];
    for (int i = 0; i < values.length; i++) {
      var component = new ArrayList<Change<?>>(changes.size());
      for (var change : changes) {
        component.add(new Change<>(shape.read(i, change.start()), shape.read(i, change.end())));
      }
      values[i] =
          one(shape.names[i], reducer(shape.names[i]), shape.read(i, base), component, names);
    }
    return cast(shape.make(values));
  }

  private @Nullable Reducer<?> reducer(String component) {
    for (var entry : fields.entrySet()) {
      if (entry.getKey().name().equals(component)) {
        return entry.getValue();
      }
    }
    return null;
  }

  private static @Nullable Object one(
      String component,
      @Nullable Reducer<?> reducer,
      @Nullable Object base,
      List<? extends Change<?>> all,
      List<String> names) {
    var changed = new ArrayList<Change<?>>();
    var by = new ArrayList<String>();
    for (int i = 0; i < all.size(); i++) {
      if (!Objects.equals(all.get(i).start(), all.get(i).end())) {
        changed.add(all.get(i));
        by.add(names.get(i));
      }
    }
    if (changed.isEmpty()) {
      return base;
    }
    if (reducer != null) {
      return reduce(reducer, base, changed);
    }
    var first = changed.getFirst().end();
    for (var change : changed) {
      if (!Objects.equals(first, change.end())) {
        throw new MergeConflict(component, by);
      }
    }
    return first;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static @Nullable Object reduce(Reducer reducer, @Nullable Object base, List changes) {
    return reducer.apply(base, changes);
  }

  @SuppressWarnings("unchecked")
  private S cast(@Nullable Object state) {
    return (S) Objects.requireNonNull(state);
  }

  /// Reads and makes records of one class.
  @SuppressWarnings("ArrayRecordComponent") // never changed, never compared
  private record Shape(String[] names, MethodHandle[] accessors, MethodHandle constructor) {
    private static final ClassValue<Shape> SHAPES =
        new ClassValue<>() {
          @Override
          protected Shape computeValue(Class<?> type) {
            return reflect(type);
          }
        };

    static Shape of(Class<?> type) {
      return SHAPES.get(type);
    }

    private static Shape reflect(Class<?> type) {
      RecordComponent[] components = type.getRecordComponents();
      try {
        var lookup = MethodHandles.lookup();
        var names = new String[components.length];
        var accessors = new MethodHandle[components.length];
        for (int i = 0; i < components.length; i++) {
          var accessor = components[i].getAccessor();
          accessor.setAccessible(true);
          names[i] = components[i].getName();
          accessors[i] =
              lookup.unreflect(accessor).asType(MethodType.methodType(Object.class, Object.class));
        }
        var constructor =
            type.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        return new Shape(
            names,
            accessors,
            lookup
                .unreflectConstructor(constructor)
                .asSpreader(Object[].class, components.length)
                .asType(MethodType.methodType(Object.class, Object[].class)));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(
            "cannot take " + type.getName() + " apart to merge it; open its package to Pawl", e);
      }
    }

    @Nullable Object read(int component, Object state) {
      try {
        return accessors[component].invokeExact(state);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(names[component] + " cannot be read", e);
      }
    }

    Object make(@Nullable Object[] values) {
      try {
        return constructor.invokeExact(values);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException("the record's constructor failed", e);
      }
    }
  }
}
