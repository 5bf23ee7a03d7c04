package dev.pawl.engine.slots;

import dev.pawl.engine.turns.Turns;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a caller has asked of the scheduler, and waits for.
final class Ask<T> {
  private final Turns.Bell bell;
  private volatile boolean done;
  private @Nullable T answer; // these two: written before `done`
  private @Nullable RuntimeException error;

  Ask(Turns.Bell bell) {
    this.bell = bell;
  }

  /// Lets the caller go on with an answer. Only the first answer, or error, counts.
  void answer(T answer) {
    if (!done) {
      this.answer = answer;
      done = true;
      bell.ring();
    }
  }

  /// Lets the caller go on with an error.
  void fail(RuntimeException error) {
    if (!done) {
      this.error = error;
      done = true;
      bell.ring();
    }
  }

  T await() {
    while (!done) {
      bell.await();
    }
    if (error != null) {
      throw error;
    }
    return Objects.requireNonNull(answer);
  }
}
