package dev.pawl.testkit.simulation;

import dev.pawl.store.Commit;
import dev.pawl.store.EventLog;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.OnceRow;
import dev.pawl.store.OutboxRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.ScheduleRow;
import dev.pawl.store.Store;
import dev.pawl.store.StoreException;
import dev.pawl.store.WaitRow;
import dev.pawl.store.Writer;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The store as one host sees it: slow, failing, and gone when its process is.
final class SimulatedStore implements Store {
  private static final int TRIES = 20;
  private final Host host;
  private final Ledger ledger;

  SimulatedStore(Host host, Ledger ledger) {
    this.host = host;
    this.ledger = ledger;
  }

  private <T> T read(Supplier<T> read) {
    host.reach();
    var result = read.get();
    host.reach();
    return result;
  }

  @Override
  public Writer writer() {
    var writer = read(ledger::writer);
    host.writes(writer.id());
    return new FailingWriter(writer);
  }

  private final class FailingWriter implements Writer {
    private final Writer writer;
    private int failures;

    FailingWriter(Writer writer) {
      this.writer = writer;
    }

    @Override
    public long id() {
      return writer.id();
    }

    @Override
    public List<Commit.Rejection> commit(long batch, List<Commit> commits) {
      host.reach();
      host.mayCrash("before batch " + batch);
      host.refuseIfFull();
      if (host.draws(Fault.FAILED_COMMIT)) {
        throw failed("batch " + batch + " fails");
      }
      List<Commit.Rejection> rejections;
      try {
        rejections = writer.commit(batch, commits);
      } catch (StoreException e) {
        host.broke(e.getMessage());
        throw e;
      }
      host.mayCrash("after batch " + batch);
      if (host.draws(Fault.LOST_ANSWER)) {
        throw failed("the answer to batch " + batch + " is lost");
      }
      failures = 0;
      host.process().giveWay();
      return rejections;
    }

    private StoreException failed(String what) {
      host.note(what);
      if (++failures == TRIES) {
        host.broke("no answer for too long");
      }
      return new StoreException(StoreException.Kind.UNAVAILABLE, what);
    }

    @Override
    public void putShape(String workflow, String version, String fingerprint) {
      host.reach();
      host.refuseIfFull();
      writer.putShape(workflow, version, fingerprint);
    }

    @Override
    public void writeSchedules(Collection<ScheduleRow> rows, Collection<String> removed) {
      host.reach();
      host.mayCrash("before schedules are written");
      host.refuseIfFull();
      if (host.draws(Fault.FAILED_COMMIT)) {
        throw failed("schedules are not written");
      }
      try {
        writer.writeSchedules(rows, removed);
      } catch (StoreException e) {
        host.broke(e.getMessage());
        throw e;
      }
      host.mayCrash("after schedules were written");
      if (host.draws(Fault.LOST_ANSWER)) {
        throw failed("the answer to schedules is lost");
      }
      failures = 0;
      host.process().giveWay();
    }

    @Override
    public void close() {
      writer.close();
    }
  }

  @Override
  public Optional<RunRow> run(RunId id) {
    return read(() -> ledger.run(id));
  }

  @Override
  public Optional<RunRow> find(String workflow, String key) {
    return read(() -> ledger.find(workflow, key));
  }

  @Override
  public Optional<RunRow> requested(String workflow, String request) {
    return read(() -> ledger.requested(workflow, request));
  }

  @Override
  public List<RunRow> runs(Filter filter, Optional<RunId> after, int limit) {
    return read(() -> ledger.runs(filter, after, limit));
  }

  @Override
  public Map<RunStatus, Long> counts(Filter filter) {
    return read(() -> ledger.counts(filter));
  }

  @Override
  public List<HistoryRow> history(RunId run, long after, int limit) {
    return read(() -> ledger.history(run, after, limit));
  }

  @Override
  public Optional<Loaded> load(RunId run) {
    return read(() -> ledger.load(run));
  }

  @Override
  public List<Loaded> load(Collection<RunId> runs) {
    return read(() -> ledger.load(runs));
  }

  @Override
  public List<Loaded> owned(String workflow, Optional<RunId> after, int limit) {
    return read(() -> ledger.owned(workflow, after, limit));
  }

  @Override
  public long[] ends(RunId run, String parent, int visit, int count) {
    return read(() -> ledger.ends(run, parent, visit, count));
  }

  @Override
  public Optional<HistoryRow> row(RunId run, long seq) {
    return read(() -> ledger.row(run, seq));
  }

  @Override
  public List<WaitRow> due(Optional<WaitRow> after, Instant until, int limit) {
    return read(() -> ledger.due(after, until, limit));
  }

  @Override
  public List<OnceRow> once(RunId run, String branch, int visit) {
    return read(() -> ledger.once(run, branch, visit));
  }

  @Override
  public boolean gaveBack(long writer) {
    return read(() -> ledger.gaveBack(writer));
  }

  @Override
  public List<OutboxRow> outbox(Optional<String> hook, long after, int limit) {
    return read(() -> ledger.outbox(hook, after, limit));
  }

  @Override
  public List<OutboxRow> outboxOfRuns(long after, int limit) {
    return read(() -> ledger.outboxOfRuns(after, limit));
  }

  @Override
  public List<OutboxRow> parked(long after, int limit) {
    return read(() -> ledger.parked(after, limit));
  }

  @Override
  public EventLog log() {
    return ledger.log();
  }

  @Override
  public boolean accepted(RunId run, String message) {
    return read(() -> ledger.accepted(run, message));
  }

  @Override
  public Optional<String> shape(String workflow, String version) {
    return read(() -> ledger.shape(workflow, version));
  }

  @Override
  public List<ScheduleRow> schedules() {
    return read(ledger::schedules);
  }

  @Override
  public void close() {
    // The world closes it.
  }
}
