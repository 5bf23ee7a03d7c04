package dev.pawl.testkit.simulation;

import dev.pawl.engine.AwaitTimeout;
import dev.pawl.engine.BranchFailed;
import dev.pawl.engine.Engine;
import dev.pawl.engine.IllegalStatus;
import dev.pawl.engine.Run;
import dev.pawl.engine.RunFailed;
import dev.pawl.engine.SignalRefused;
import dev.pawl.store.HistoryRow;
import dev.pawl.testkit.simulation.Scenario.Sending;
import dev.pawl.workflow.RunStatus;

/// Somebody who sends signals to a run until it is over. With some of them he waits for the answer,
/// and some of these each wait refuses. Who got no answer sends again.
final class Sender {
  private final Host host;
  private final World world;
  private final Engine engine;
  private final Sending<?> sending;

  Sender(Host host, World world, Engine engine, Sending<?> sending) {
    this.host = host;
    this.world = world;
    this.engine = engine;
    this.sending = sending;
  }

  void send() throws InterruptedException {
    for (int number = 1; host.isWatching(); number++) {
      host.process().sleep(world.anyTime());
      var start = world.start(sending.key());
      var run =
          start.isEmpty() ? null : engine.find(start.get().workflow(), sending.key()).orElse(null);
      if (run == null) {
        continue;
      }
      var status = run.status();
      if (status.isFinal()) {
        return;
      }
      if (status == RunStatus.WAITING || world.drawsAgain()) {
        send(run, host.process().name() + "-" + number);
      }
    }
  }

  private void send(Run<?> run, String id) throws InterruptedException {
    try {
      if (sending.refused().isPresent() && world.drawsAgain()) {
        askInVain(run, id);
      } else if (sending.refused().isPresent() && world.drawsAgain()) {
        ask(run, id);
      } else {
        tell(run, id);
      }
    } catch (IllegalStatus e) {
      host.note(sending.key() + " takes no more signals");
    }
  }

  private void tell(Run<?> run, String id) {
    do {
      sending.tell(run, id);
      host.check(isAccepted(run, id), sending.key() + " accepted " + id);
    } while (world.drawsAgain());
  }

  /// Waits for an answer, which must be there already, and the same each time.
  private void ask(Run<?> run, String id) throws InterruptedException {
    try {
      Object first = null;
      do {
        var answer = sending.ask(run, id, world.anyTime());
        host.check(isHandled(run, id), sending.key() + " answered " + id);
        host.check(
            first == null || first.equals(answer),
            sending.key() + " answered " + id + " with " + answer + " after " + first);
        first = answer;
      } while (world.drawsAgain());
    } catch (AwaitTimeout e) {
      host.check(isAccepted(run, id) == e.isAccepted(), id + ": " + e);
    } catch (RunFailed | BranchFailed e) {
      host.check(isAccepted(run, id), sending.key() + " failed at " + id);
    }
  }

  /// Sends what is refused where it is waited for; that leaves no trace, then and later.
  private void askInVain(Run<?> run, String id) throws InterruptedException {
    host.book(run.id()).refuse(id);
    try {
      var answer = sending.askInVain(run, id, world.anyTime());
      throw new Violation("refused", sending.key() + " answered " + id + " with " + answer);
    } catch (SignalRefused e) {
      host.note(e.toString());
    } catch (AwaitTimeout e) {
      host.check(!e.isAccepted(), id + ": " + e);
    }
  }

  private boolean isAccepted(Run<?> run, String id) {
    return host.book(run.id()).accepted.contains(id);
  }

  private boolean isHandled(Run<?> run, String id) {
    HistoryRow received = null;
    for (var row : host.book(run.id()).history) {
      if (received == null) {
        received = row.message().filter(id::equals).isPresent() ? row : null;
      } else if (row.branch().equals(received.branch())
          && (row.kind() == HistoryRow.Kind.LEFT || row.kind() == HistoryRow.Kind.STAYED)) {
        return true;
      }
    }
    return false;
  }
}
