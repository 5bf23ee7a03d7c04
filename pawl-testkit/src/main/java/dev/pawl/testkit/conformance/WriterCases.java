package dev.pawl.testkit.conformance;

import static dev.pawl.testkit.conformance.StoreFixture.NOW;
import static dev.pawl.testkit.conformance.StoreFixture.WORKFLOW;
import static dev.pawl.testkit.conformance.StoreFixture.id;
import static dev.pawl.testkit.conformance.StoreFixture.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.pawl.store.Store.Filter;
import dev.pawl.store.StoreException;
import dev.pawl.store.StoreException.Kind;
import dev.pawl.store.Writer;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// Who may write, and when nobody may.
interface WriterCases {
  /// The store of this test.
  StoreFixture fixture();

  /// Checks that the action fails with one of these kinds, and says in one line why.
  static void assertRefused(ThrowingCallable action, Kind... kinds) {
    assertThatThrownBy(action)
        .asInstanceOf(type(StoreException.class))
        .satisfies(e -> assertThat(e.kind()).isIn((Object[]) kinds))
        .satisfies(e -> assertThat(e.getMessage()).isNotBlank().hasLineCount(1));
  }

  /// Another writer; the first has to be closed for it where the store insists.
  private Writer next() {
    try {
      return fixture().store().writer();
    } catch (StoreException e) {
      assertThat(e.kind()).isEqualTo(Kind.LOCKED);
      fixture().writer().close();
      return fixture().store().writer();
    }
  }

  @Test
  default void refusesWhatAWriterSendsThatHasBeenReplaced() {
    var old = fixture().writer();
    fixture().write(start(fixture().run(1)).commit());
    var late = start(fixture().run(2)).commit();

    var successor = next();

    assertThat(successor.id()).isGreaterThan(old.id());
    assertThat(old.id()).isPositive();
    assertRefused(() -> old.commit(2, List.of(late)), Kind.FENCED, Kind.CLOSED);
    assertRefused(() -> old.putShape(WORKFLOW, "1", "shape"), Kind.FENCED, Kind.CLOSED);
    assertThat(fixture().store().run(id(2))).isEmpty();
    assertThat(fixture().store().shape(WORKFLOW, "1")).isEmpty();
    assertThat(successor.commit(1, List.of(late))).isEmpty();
  }

  @Test
  default void leavesTheRunsOfAWriterThatIsReplacedToTheNext() {
    var owner = fixture().writer().id();
    fixture().write(start(fixture().run(1)).commit());

    fixture().replace(next());

    var owned = fixture().store().owned(WORKFLOW, Optional.empty(), 10);
    assertThat(owned).hasSize(1);
    assertThat(owned.getFirst().run().state().owner()).isEqualTo(owner);
    var takenOver = StoreFixture.goOn(1).update(owner, fixture().owned()).commit();
    assertThat(fixture().write(takenOver)).isEmpty();
  }

  @Test
  default void tellsAWriterThatGaveTheRightBack() {
    var first = fixture().writer();
    fixture().write(start(fixture().run(1)).commit());
    assertThat(fixture().store().gaveBack(first.id())).isFalse();

    first.close();
    var second = fixture().store().writer();
    fixture().replace(second);

    assertThat(fixture().store().gaveBack(first.id())).isTrue();
    assertThat(fixture().store().gaveBack(second.id())).isFalse();
    assertThat(fixture().store().gaveBack(second.id() + 1)).isFalse();
  }

  @Test
  default void refusesABatchThatDoesNotFollowTheLast() {
    var writer = fixture().writer();
    fixture().write(start(fixture().run(1)).commit());
    fixture().write(start(fixture().run(2)).commit());
    var commit = List.of(start(fixture().run(3)).commit());

    assertRefused(() -> writer.commit(4, commit), Kind.FENCED);
    assertRefused(() -> writer.commit(1, commit), Kind.FENCED);
    assertThat(writer.commit(3, commit)).isEmpty();
  }

  @Test
  default void refusesEverythingOnceItIsClosed() {
    var store = fixture().store();
    var writer = fixture().writer();
    fixture().write(start(fixture().run(1)).commit());

    store.close();
    store.close();

    assertRefused(() -> store.run(id(1)), Kind.CLOSED);
    assertRefused(() -> store.runs(Filter.ALL, Optional.empty(), 1), Kind.CLOSED);
    assertRefused(() -> store.due(Optional.empty(), NOW, 1), Kind.CLOSED);
    assertRefused(store::writer, Kind.CLOSED);
    assertRefused(() -> writer.commit(2, List.of()), Kind.CLOSED);
  }
}
