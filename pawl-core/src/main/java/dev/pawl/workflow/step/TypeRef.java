package dev.pawl.workflow.step;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;

/// Names a generic type: `new TypeRef<List<Line>>() {}`.
public abstract class TypeRef<T> {
  private final Type type;

  /// Reads the type argument of the anonymous subclass.
  ///
  /// @throws IllegalStateException if the subclass gives no type argument
  protected TypeRef() {
    if (!(getClass().getGenericSuperclass() instanceof ParameterizedType parameterized)) {
      throw new IllegalStateException("write new TypeRef<YourType>() {}, with a type argument");
    }
    type = parameterized.getActualTypeArguments()[0];
  }

  /// The type argument.
  public final Type type() {
    return type;
  }
}
