package dev.pawl.workflow.step;

import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.function.Function;

/// A component of a record: reads it, and makes the copy that has it changed. As a [Fold] it puts a
/// result into the state. Immutable and thread-safe; make it once, in a `static final` field.
public final class Field<S, T> implements Fold<S, T>, Function<S, T> {
  /// A method reference to the accessor of a record component, such as `Order::total`.
  public interface Getter<S, T> extends Function<S, T>, Serializable {}

  private final String name;
  private final Function<? super S, ? extends T> getter;
  private final BiFunction<? super S, ? super T, ? extends S> wither;

  private Field(
      String name,
      Function<? super S, ? extends T> getter,
      BiFunction<? super S, ? super T, ? extends S> wither) {
    this.name = name;
    this.getter = getter;
    this.wither = wither;
  }

  /// The component that `accessor` reads, found through the serialised form of the method
  /// reference; copies are made through the record's canonical constructor.
  ///
  /// @throws IllegalArgumentException if `accessor` is not a method reference to an accessor of a
  ///   record, or the record cannot be reached by reflection; then use [#of(String, Function,
  ///   BiFunction)]
  public static <S, T> Field<S, T> of(Getter<S, T> accessor) {
    try {
      var writeReplace = accessor.getClass().getDeclaredMethod("writeReplace");
      writeReplace.setAccessible(true);
      var lambda = (SerializedLambda) writeReplace.invoke(accessor);
      var type =
          Class.forName(
              lambda.getImplClass().replace('/', '.'), false, accessor.getClass().getClassLoader());
      return new Field<>(
          lambda.getImplMethodName(), accessor, copier(type, lambda.getImplMethodName()));
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalArgumentException(
          "Field.of wants a method reference to the accessor of a record component, such as"
              + " Order::total; for anything else use Field.of(name, getter, wither): "
              + e.getMessage(),
          e);
    }
  }

  /// A component that is read by `getter` and changed by `wither`.
  ///
  /// @param name the component's name, where merges and messages need one
  public static <S, T> Field<S, T> of(
      String name,
      Function<? super S, ? extends T> getter,
      BiFunction<? super S, ? super T, ? extends S> wither) {
    return new Field<>(name, getter, wither);
  }

  @SuppressWarnings("unchecked")
  private static <S, T> BiFunction<S, T, S> copier(Class<?> type, String component)
      throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    if (components == null) {
      throw new IllegalArgumentException(type.getName() + " is not a record");
    }
    int index = Arrays.stream(components).map(RecordComponent::getName).toList().indexOf(component);
    if (index < 0) {
      throw new IllegalArgumentException(type.getName() + " has no component " + component);
    }
    var constructor =
        type.getDeclaredConstructor(
            Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    constructor.setAccessible(true);
    MethodHandle make = MethodHandles.lookup().unreflectConstructor(constructor);
    var spread = make.asSpreader(Object[].class, components.length);
    var accessors = new MethodHandle[components.length];
    for (int i = 0; i < components.length; i++) {
      var accessor = components[i].getAccessor();
      accessor.setAccessible(true);
      accessors[i] = MethodHandles.lookup().unreflect(accessor);
    }
    return (state, value) -> {
      try {
        var values = new Object[accessors.length];
        for (int i = 0; i < values.length; i++) {
          values[i] = i == index ? value : accessors[i].invoke(state);
        }
        return (S) spread.invoke(values);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException("cannot copy " + type.getName(), e);
      }
    };
  }

  /// The component's name.
  public String name() {
    return name;
  }

  /// The copy of `state` that has the component changed to `value`.
  @Override
  public S apply(S state, T value) {
    return wither.apply(state, value);
  }

  /// The component's value in `state`.
  @Override
  public T apply(S state) {
    return getter.apply(state);
  }
}
