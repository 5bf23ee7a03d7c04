package dev.pawl.engine.pace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.pace.Admission.Place;
import dev.pawl.engine.turns.Turns;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Who may begin, and when.
final class AdmissionTest {
  private static final Place NARROW = new Place("orders", "charge", 1);
  private static final Place WIDE = new Place("orders", "pack", 2);

  private final List<String> started = new ArrayList<>();

  @Test
  void letsInAsManyAsTheLimitAtOnce() {
    var admission = admission(2);

    assertThat(admission.tryEnter(null)).isTrue();
    assertThat(admission.tryEnter(null)).isTrue();
    assertThat(admission.tryEnter(null)).isFalse();
    admission.leave(null);
    assertThat(admission.tryEnter(null)).isTrue();
  }

  @Test
  void letsInAsManyAsTheLimitOfANode() {
    var admission = admission(9);

    assertThat(admission.tryEnter(NARROW)).isTrue();
    assertThat(admission.tryEnter(NARROW)).isFalse();
    assertThat(admission.tryEnter(WIDE)).isTrue();
    assertThat(admission.tryEnter(WIDE)).isTrue();
    assertThat(admission.tryEnter(WIDE)).isFalse();
    admission.leave(WIDE);
    assertThat(admission.tryEnter(WIDE)).isTrue();
    admission.leave(NARROW);
    assertThat(admission.tryEnter(NARROW)).isTrue();
  }

  @Test
  void startsAtOnceWhatThereIsRoomFor() {
    var admission = admission(1);

    enter(admission, "orders", null, "a");

    assertThat(started).containsExactly("a");
    assertThat(admission.tryEnter(null)).isFalse();
  }

  @Test
  void startsOneForEachThatLeavesInTheOrderTheyCame() {
    var admission = admission(1);
    enter(admission, "orders", null, "a");
    enter(admission, "orders", null, "b");
    enter(admission, "orders", null, "c");

    admission.leave(null);
    assertThat(started).containsExactly("a", "b");
    admission.leave(null);
    assertThat(started).containsExactly("a", "b", "c");
    admission.leave(null);
    assertThat(admission.tryEnter(null)).isTrue();
  }

  @Test
  void takesTurnsBetweenWorkflows() {
    var admission = admission(1);
    enter(admission, "many", null, "running");
    enter(admission, "many", null, "many 1");
    enter(admission, "many", null, "many 2");
    enter(admission, "many", null, "many 3");
    enter(admission, "few", null, "few 1");

    for (int i = 0; i < 4; i++) {
      admission.leave(null);
    }

    assertThat(started).containsExactly("running", "many 1", "few 1", "many 2", "many 3");
  }

  @Test
  void letsOthersPassWhoWaitForANode() {
    var admission = admission(2);
    enter(admission, "orders", NARROW, "charge 1");
    enter(admission, "orders", NARROW, "charge 2");
    enter(admission, "orders", null, "another");
    assertThat(started).containsExactly("charge 1", "another");

    admission.leave(null);
    assertThat(started).containsExactly("charge 1", "another");
    admission.leave(NARROW);

    assertThat(started).containsExactly("charge 1", "another", "charge 2");
  }

  @Test
  void doesNotOvertakeWhoWaits() {
    var admission = admission(2);
    enter(admission, "orders", NARROW, "charge 1");
    enter(admission, "orders", NARROW, "charge 2");

    assertThat(admission.tryEnter(null)).isFalse();
  }

  @Test
  void letsNobodyInOnceClosed() {
    var admission = admission(1);
    enter(admission, "orders", null, "a");
    enter(admission, "orders", null, "b");

    admission.close();
    admission.leave(null);
    enter(admission, "orders", null, "c");

    assertThat(started).containsExactly("a");
    assertThat(admission.tryEnter(null)).isFalse();
  }

  private static Admission admission(int limit) {
    return new Admission(Turns.system(), limit);
  }

  private void enter(Admission admission, String workflow, Place place, String name) {
    admission.enter(workflow, place, () -> started.add(name));
  }
}
