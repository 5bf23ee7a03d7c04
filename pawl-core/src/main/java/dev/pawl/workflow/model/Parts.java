package dev.pawl.workflow.model;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What states of one class are merged by: records by their components, all others as one part.
/// Immutable; made once for a class. A state is taken apart by one call, because each call through
/// a method handle that is no constant costs as much as the comparison that it is for.
///
/// @param names of the parts
/// @param split takes a state, gives the array of its parts
/// @param join takes such an array, gives a state
@SuppressWarnings("ArrayRecordComponent") // never changed, never compared
record Parts(String[] names, MethodHandle split, MethodHandle join) {
  /// The only part is the state.
  static final Parts WHOLE =
      new Parts(
          new String[] {"state"},
          collector(1),
          MethodHandles.insertArguments(MethodHandles.arrayElementGetter(Object[].class), 1, 0));

  private static final ClassValue<Parts> KNOWN =
      new ClassValue<>() {
        @Override
        protected Parts computeValue(Class<?> type) {
          return type.isRecord() ? ofRecord(type) : WHOLE;
        }
      };

  /// The parts of states of this class.
  ///
  /// @throws IllegalStateException if it is a record that reflection may not open
  static Parts of(Class<?> state) {
    return KNOWN.get(state);
  }

  private static Parts ofRecord(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    int count = components.length;
    try {
      var lookup = MethodHandles.lookup();
      var getters = new MethodHandle[count];
      for (int i = 0; i < count; i++) {
        var accessor = components[i].getAccessor();
        accessor.setAccessible(true);
        getters[i] =
            lookup.unreflect(accessor).asType(MethodType.methodType(Object.class, Object.class));
      }
      var split =
          MethodHandles.permuteArguments(
              MethodHandles.filterArguments(collector(count), 0, getters),
              MethodType.methodType(Object[].class, Object.class),
              new int[count]);
      var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      var join =
          lookup
              .unreflectConstructor(constructor)
              .asSpreader(Object[].class, count)
              .asType(MethodType.methodType(Object.class, Object[].class));
      var names = Arrays.stream(components).map(RecordComponent::getName).toArray(String[]::new);
      return new Parts(names, split, join);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "cannot take " + type.getName() + " apart to merge it; open its package to Pawl", e);
    }
  }

  private static MethodHandle collector(int count) {
    return MethodHandles.identity(Object[].class).asCollector(Object[].class, count);
  }

  /// The parts of a state.
  @Nullable Object[] split(Object state) {
    try {
      return (Object[]) split.invokeExact(state);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(state.getClass().getName() + " cannot be read", e);
    }
  }

  /// The state of these parts.
  Object join(@Nullable Object[] parts) {
    try {
      return (Object) join.invokeExact(parts);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("the record's constructor failed", e);
    }
  }
}
