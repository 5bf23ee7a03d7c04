package dev.pawl.bench.measure;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What was measured gave a wrong result, so its time means nothing.
public final class WrongResult extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// @param message what is wrong
  public WrongResult(String message) {
    super(message);
  }

  /// Checks a result.
  ///
  /// @param what what the result is of
  /// @throws WrongResult if `actual` does not equal `expected`
  public static void unlessEqual(String what, @Nullable Object expected, @Nullable Object actual) {
    if (!Objects.equals(expected, actual)) {
      throw new WrongResult(what + ": expected " + expected + " but was " + actual);
    }
  }
}
