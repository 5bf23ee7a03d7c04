package dev.pawl.engine.outbox;

import dev.pawl.engine.commit.Author;
import dev.pawl.engine.commit.Committer;
import dev.pawl.engine.commit.Ticket;
import dev.pawl.engine.turns.Turns;
import dev.pawl.store.Commit;
import dev.pawl.store.Mail;
import dev.pawl.store.Settled;
import dev.pawl.workflow.RunId;
import java.util.List;
import java.util.Optional;

/// Writes what became of rows of the outbox, with whatever else is being written.
public final class Settler {
  private final Turns turns;
  private final Committer committer;

  /// Writes by this committer.
  public Settler(Turns turns, Committer committer) {
    this.turns = turns;
    this.committer = committer;
  }

  /// Returns when it is durable. What the store refuses stays as it was, and is tried again.
  ///
  /// @param run whose rows they are; of several, any
  /// @throws dev.pawl.store.StoreException if the store cannot be written any more
  public void settle(RunId run, List<Settled> settled) {
    committer.await(queued(run, settled));
  }

  /// As [#settle], but does not wait: for rows that may be delivered again.
  public void settleSoon(RunId run, List<Settled> settled) {
    queued(run, settled);
    committer.wake();
  }

  private Ticket queued(RunId run, List<Settled> settled) {
    var ticket = new Ticket(new Nobody(), commit(run, settled), turns.bell());
    committer.enqueue(ticket);
    return ticket;
  }

  private static Commit commit(RunId run, List<Settled> settled) {
    return new Commit(
        run,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        0,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        settled,
        Mail.NONE);
  }

  private static final class Nobody implements Author {
    @Override
    public boolean isEvicted() {
      return false;
    }

    @Override
    public void committed() {
      // whoever settles waits for it
    }

    @Override
    public void rejected() {
      // the rows are still there
    }
  }
}
