package dev.pawl.run;

import java.util.ArrayDeque;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The finished visits of a run that can be undone, the newest first. Immutable: a list whose tails
/// are shared, because each step of a loop may add to it.
public final class Undos {
  private static final Undos NONE = new Undos(null, null);
  private final @Nullable Undo newest;
  private final @Nullable Undos older;

  private Undos(@Nullable Undo newest, @Nullable Undos older) {
    this.newest = newest;
    this.older = older;
  }

  /// None.
  public static Undos none() {
    return NONE;
  }

  boolean isEmpty() {
    return newest == null;
  }

  /// With another one.
  public Undos with(Undo undo) {
    return newest == null || newest.seq() < undo.seq()
        ? new Undos(undo, this)
        : below(undo.seq(), older -> new Undos(undo, older));
  }

  /// Without the visit that the row with this sequence number ended.
  public Undos without(long seq) {
    return below(
        seq, older -> older.newest != null && older.newest.seq() == seq ? older.tail() : older);
  }

  /// Changes what is not newer than a sequence number.
  private Undos below(long seq, UnaryOperator<Undos> change) {
    var newer = new ArrayDeque<Undo>();
    var at = this;
    while (at.newest != null && at.newest.seq() > seq) {
      newer.push(at.newest);
      at = at.tail();
    }
    var result = change.apply(at);
    while (!newer.isEmpty()) {
      result = new Undos(newer.pop(), result);
    }
    return result;
  }

  private Undos tail() {
    return older == null ? NONE : older;
  }

  /// The newest one of those that `test` accepts.
  @Nullable Undo newest(Predicate<Undo> test) {
    for (Undos at = this; at != null && at.newest != null; at = at.older) {
      if (test.test(at.newest)) {
        return at.newest;
      }
    }
    return null;
  }

  /// The sequence number of the oldest one, or `none` if there is none.
  long oldest(long none) {
    long oldest = none;
    for (Undos at = this; at != null && at.newest != null; at = at.older) {
      oldest = at.newest.seq();
    }
    return oldest;
  }
}
