package dev.pawl.workflow.model;

/// How many branches of a fork must succeed before its join continues. Branches that are not needed
/// any more are cancelled.
///
/// @param needed how many; 0 stands for all
public record Join(int needed) {
  /// Every branch must succeed.
  public static final Join ALL = new Join(0);

  /// The first success is enough.
  public static final Join ANY = new Join(1);

  /// Refuses negative numbers.
  public Join {
    if (needed < 0) {
      throw new IllegalArgumentException("a join cannot need " + needed + " branches");
    }
  }

  /// `needed` successes are enough.
  public static Join atLeast(int needed) {
    if (needed < 1) {
      throw new IllegalArgumentException("a join needs at least one branch, not " + needed);
    }
    return new Join(needed);
  }

  /// How many of `branches` must succeed.
  public int of(int branches) {
    return needed == 0 ? branches : needed;
  }
}
