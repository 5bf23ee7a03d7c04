package dev.pawl.testkit.turns;

import org.jspecify.annotations.Nullable;

/// Nothing can go on: every thread waits for another, or one blocks outside of the scheduler.
public final class Stuck extends Error {
  private static final long serialVersionUID = 1;

  Stuck(String message) {
    super(message);
  }

  Stuck(@Nullable String message, Throwable cause) {
    super(message, cause);
  }
}
