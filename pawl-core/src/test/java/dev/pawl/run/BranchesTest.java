package dev.pawl.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.run.Branch.Phase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The live branches of a run, against a plain sorted map of them.
final class BranchesTest {
  private static final List<String> NAMES =
      List.of("", "/1.0", "/1.0/1.0", "/1.0/1.1", "/1.1", "/1.10", "/1.2", "/2.0");
  private static final List<Phase> PHASES =
      List.of(Phase.READY, Phase.ACTIVE, Phase.DRAINING, Phase.BLOCKED);

  /// A branch as it is, and as it was.
  private record Change(Branch before, Branch after) {}

  @Test
  void areAMapByName() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed " + seed);
    for (int i = 0; i < 500; i++) {
      var random = new Random(seed + i);
      try {
        areAMapByName(random);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("repeat with -Dseed=" + (seed + i), e);
      }
    }
  }

  private static void areAMapByName(Random random) {
    var branches = Branches.none();
    var expected = new TreeMap<String, Branch>();
    for (int change = 0; change < 20; change++) {
      var name = NAMES.get(random.nextInt(NAMES.size()));
      var before = branches;
      var was = new TreeMap<>(expected);
      if (random.nextInt(4) == 0) {
        branches =
            random.nextBoolean()
                ? branches.without(branch -> branch.id().equals(name))
                : branches.without(branch(name, Phase.READY));
        expected.remove(name);
      } else {
        var branch = branch(name, PHASES.get(random.nextInt(PHASES.size())));
        branches = branches.with(branch);
        expected.put(name, branch);
      }
      assertSame(branches, expected);
      assertThat(changes(before, branches))
          .isEqualTo(
              expected.values().stream()
                  .map(branch -> new Change(was.get(branch.id()), branch))
                  .toList());
    }
  }

  private static void assertSame(Branches branches, Map<String, Branch> expected) {
    assertThat(branches).containsExactlyElementsOf(expected.values());
    assertThat(branches.size()).isEqualTo(expected.size());
    for (var name : NAMES) {
      assertThat(branches.get(name)).isSameAs(expected.get(name));
      assertThat(branches.any(branch -> branch.id().equals(name)))
          .isEqualTo(expected.containsKey(name));
    }
    var draining =
        expected.values().stream().filter(branch -> branch.phase() == Phase.DRAINING).toList();
    assertThat(branches.draining()).isEqualTo(draining.size());
    assertThat(branches.work())
        .isEqualTo(expected.values().stream().anyMatch(each -> each.phase() != Phase.BLOCKED));
    for (var top : expected.values()) {
      assertThat(branches.drainsBelow(top))
          .isEqualTo(draining.stream().anyMatch(branch -> branch.isBelow(top)));
    }
  }

  private static List<Change> changes(Branches before, Branches after) {
    var changes = new ArrayList<Change>();
    after.compare(before, (old, branch) -> changes.add(new Change(old, branch)));
    return changes;
  }

  @Test
  void areComparedWithManyThatHaveGone() {
    var one = branch("/1.2", Phase.READY);
    var before = Branches.none();
    for (var name : NAMES) {
      before = before.with(branch(name, Phase.READY));
    }

    assertThat(changes(before, Branches.of(one)))
        .containsExactly(new Change(before.get("/1.2"), one));
    assertThat(changes(before, Branches.of(branch("/9.9", Phase.READY))))
        .containsExactly(new Change(null, branch("/9.9", Phase.READY)));
  }

  @Test
  void areEqualIfTheirBranchesAre() {
    var branches = Branches.none().with(branch("/1.0", Phase.READY)).with(branch("", Phase.READY));
    var same = Branches.of(branch("", Phase.READY)).with(branch("/1.0", Phase.READY));
    var other = same.with(branch("/1.0", Phase.ACTIVE));

    assertThat(branches).isEqualTo(same).hasSameHashCodeAs(same).hasToString(same.toString());
    assertThat(branches.equals(other)).isFalse();
    assertThat(branches.hashCode()).isNotEqualTo(other.hashCode());
    assertThat(branches.equals((Object) "branches")).isFalse();
    assertThat(branches.toString()).contains("/1.0");
  }

  @Test
  void areUnchangedWithoutNone() {
    var branches = Branches.of(branch("", Phase.READY));

    assertThat(branches.without(branch -> false)).isSameAs(branches);
    assertThat(branches.without(branch("/1.0", Phase.READY))).isSameAs(branches);
  }

  @Test
  void endAfterTheLast() {
    var iterator = Branches.of(branch("", Phase.READY)).iterator();

    assertThat(iterator.next().id()).isEmpty();
    assertThat(iterator.hasNext()).isFalse();
    assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
  }

  private static Branch branch(String name, Phase phase) {
    return Branch.entering(name, 0, 1, "state", 0, Instant.EPOCH).in(phase, null);
  }
}
