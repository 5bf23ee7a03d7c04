package dev.pawl.testkit.fault;

import dev.pawl.store.StoreException.Kind;
import java.util.Set;

/// Batches that were chosen, for which it is still to be said what becomes of them.
public final class Point {
  private static final Set<Kind> REFUSALS =
      Set.of(Kind.FULL, Kind.READ_ONLY, Kind.FENCED, Kind.UNAVAILABLE);
  private final FaultyStore store;
  private final Rule.Choice choice;

  Point(FaultyStore store, Rule.Choice choice) {
    this.store = store;
    this.choice = choice;
  }

  /// Such a batch is not written, and is answered by `UNAVAILABLE`. When it is sent again it is
  /// written, so an engine goes on.
  ///
  /// @return the store, for more faults
  public FaultyStore fail() {
    return fail(1);
  }

  /// As [#fail()], so many times in a row for each such batch.
  ///
  /// @param times how often it is to be sent before it is written one more time; an engine gives up
  ///   after 20
  /// @return the store, for more faults
  public FaultyStore fail(int times) {
    if (times < 1) {
      throw new IllegalArgumentException("a batch fails at least once, not " + times + " times");
    }
    return store.add(new Rule(choice, new Rule.Fail(times)));
  }

  /// Such a batch is written, and answered by `UNAVAILABLE`. When it is sent again it is answered
  /// as the store below answers.
  ///
  /// @return the store, for more faults
  public FaultyStore loseAnswer() {
    return store.add(new Rule(choice, new Rule.LoseAnswer()));
  }

  /// The first such batch is not written, nor is anything after it, until [FaultyStore#mend()];
  /// after that no other one is refused. With `FENCED` it is this writer alone that writes no more,
  /// and that for ever: the next one does.
  ///
  /// @param kind `FULL`, `READ_ONLY`, `FENCED` or `UNAVAILABLE`
  /// @return the store, for more faults
  /// @throws IllegalArgumentException if it is another kind, which no batch is answered by
  public FaultyStore refuse(Kind kind) {
    if (!REFUSALS.contains(kind)) {
      throw new IllegalArgumentException("no batch is answered by " + kind);
    }
    return store.add(new Rule(choice, new Rule.Refuse(kind)));
  }

  /// Such a batch, and with it all behind it, waits at a gate before it is written. Batches that
  /// come when the gate is open do not wait.
  ///
  /// For engines on real threads; in virtual time the wait is one for a thread that does not move.
  ///
  /// @return the gate, closed
  public Gate hold() {
    var gate = new Gate();
    store.add(new Rule(choice, new Rule.Hold(gate)));
    return gate;
  }
}
