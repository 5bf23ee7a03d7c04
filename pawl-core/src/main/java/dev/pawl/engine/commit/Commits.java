package dev.pawl.engine.commit;

import dev.pawl.store.Commit;
import dev.pawl.store.Mail;
import dev.pawl.store.WaitRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Puts commits of one run together.
final class Commits {
  private Commits() {}

  /// What writing `first` and then `second` writes.
  static Commit both(Commit first, Commit second) {
    var waits = new ArrayList<WaitRow>(first.waits());
    waits.removeIf(wait -> second.over().contains(wait.branch()));
    waits.addAll(second.waits());
    var over = new ArrayList<>(first.over());
    over.addAll(second.over());
    over.removeIf(branch -> waits.stream().anyMatch(wait -> wait.branch().equals(branch)));
    var insert = first.insert();
    if (insert.isPresent() && second.update().isPresent()) {
      insert = Optional.of(insert.get().with(second.update().get()));
    }
    return new Commit(
        first.run(),
        insert,
        joined(first.history(), second.history()),
        insert.isPresent()
            ? Optional.empty()
            : second.update().isPresent() ? second.update() : first.update(),
        first.update().isPresent() ? first.expectedOwner() : second.expectedOwner(),
        waits,
        over,
        joined(first.once(), second.once()),
        joined(first.outbox(), second.outbox()),
        joined(first.settled(), second.settled()),
        new Mail(
            joined(first.mail().received(), second.mail().received()),
            joined(first.mail().used(), second.mail().used())));
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    if (first.isEmpty() || second.isEmpty()) {
      return first.isEmpty() ? second : first;
    }
    var both = new ArrayList<>(first);
    both.addAll(second);
    return both;
  }
}
