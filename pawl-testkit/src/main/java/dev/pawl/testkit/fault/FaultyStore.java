package dev.pawl.testkit.fault;

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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A store whose commits fail, wait, or lose their answers where a test says so. All else it leaves
/// to the store below it.
///
/// ```java
/// try (var store = FaultyStore.over(SqliteStore.open(file))
///     .on(2).fail()                                          // the second batch: nothing written
///     .when(FaultyStore.leaves("charge")).loseAnswer()) {    // written, but the engine is not told
///   try (var engine = Engine.builder().store(store).register(orders).start()) {
///     assertThat(engine.run(orders, order)).isEqualTo(shipped);
///   }
///   assertThat(store.injected()).extracting(Injected::fault)
///       .containsExactly(Fault.FAILED, Fault.ANSWER_LOST);
/// }
/// ```
///
/// A store that is full, and a commit that takes its time:
///
/// ```java
/// store.when(FaultyStore.leaves("charge")).refuse(StoreException.Kind.FULL);
/// assertThatThrownBy(() -> run.await(limit)).isInstanceOf(StoreException.class);
/// engine.close();
/// store.mend();                                              // and start another engine
///
/// try (var gate = store.when(FaultyStore.leaves("pack")).hold()) {
///   gate.awaitReached(limit);
///   assertThat(run.path()).doesNotContain("pack");           // nobody sees what is not committed
/// }
/// ```
///
/// A batch is what an engine writes as one transaction; it carries commits of many runs, one of
/// each run at most. Batches count from 1 on, over all writers. One that is sent again, because its
/// answer was lost, is no new batch: only [Point#fail(int)] and refusals hit it. Where several
/// faults choose a batch, it is hit by the one that was stated first.
///
/// Thread-safe. Faults may be added while engines are at work; they hit batches that come later.
/// What was injected is kept until the store goes.
public final class FaultyStore implements Store {
  private final Store store;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Rule> rules = new ArrayList<>(); // these four: by the lock
  private final List<Injected> injected = new ArrayList<>();
  private long batches;
  private StoreException.@Nullable Kind refusing;

  private FaultyStore(Store store) {
    this.store = store;
  }

  /// A store without faults, for now.
  ///
  /// @param store where all is kept; closed with this one
  public static FaultyStore over(Store store) {
    return new FaultyStore(store);
  }

  /// Chooses commits by which a branch leaves a node.
  ///
  /// @param node its name, as histories have it; with a name that no node has, nothing is chosen
  public static Predicate<Commit> leaves(String node) {
    return commit ->
        commit.history().stream()
            .anyMatch(row -> row.kind() == HistoryRow.Kind.LEFT && row.node().equals(node));
  }

  /// Chooses commits that record a result of `ctx.once`.
  ///
  /// @param node the node whose step calls it
  /// @param name the name that it is called with
  public static Predicate<Commit> records(String node, String name) {
    var stored = node + ":" + name;
    return commit -> commit.once().stream().anyMatch(row -> row.name().equals(stored));
  }

  /// Chooses commits of a run.
  public static Predicate<Commit> of(RunId run) {
    return commit -> commit.run().equals(run);
  }

  /// Chooses a batch by its number.
  ///
  /// @param batch from 1 on; see [#batches()]
  /// @throws IllegalArgumentException if it is less than 1
  public Point on(long batch) {
    if (batch < 1) {
      throw new IllegalArgumentException("batches count from 1 on, not from " + batch);
    }
    return new Point(this, (number, commits) -> number == batch);
  }

  /// Chooses each batch with such a commit.
  ///
  /// @param chosen asked by one thread at a time; must not call the store
  public Point when(Predicate<Commit> chosen) {
    return new Point(this, (number, commits) -> commits.stream().anyMatch(chosen));
  }

  /// Chooses batches by lot.
  ///
  /// @param share of all batches that come from now on; from 0 to 1
  /// @param seed the same seed draws the same numbers of batches
  /// @throws IllegalArgumentException if the share is not from 0 to 1
  public Point share(double share, long seed) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a share is from 0 to 1, not " + share);
    }
    var random = new SplittableRandom(seed);
    return new Point(this, (number, commits) -> random.nextDouble() < share);
  }

  /// Ends what [Point#refuse] began: the store can be written again. An engine that was refused
  /// stays where it is; another can be started.
  public void mend() {
    lock.lock();
    try {
      refusing = null;
    } finally {
      lock.unlock();
    }
  }

  /// How many batches have come.
  public long batches() {
    lock.lock();
    try {
      return batches;
    } finally {
      lock.unlock();
    }
  }

  /// What has been injected so far, in its order.
  public List<Injected> injected() {
    lock.lock();
    try {
      return List.copyOf(injected);
    } finally {
      lock.unlock();
    }
  }

  FaultyStore add(Rule rule) {
    lock.lock();
    try {
      rules.add(rule);
      return this;
    } finally {
      lock.unlock();
    }
  }

  /// The first rule that chooses a batch. All are asked, so that none draws other lots because of
  /// another. Called under the lock.
  private Rule.@Nullable Act choose(long batch, List<Commit> commits) {
    Rule.@Nullable Act first = null;
    for (var rule : List.copyOf(rules)) {
      if (rule.choice().chooses(batch, commits) && first == null) {
        first = rule.act();
        if (first instanceof Rule.Refuse) {
          rules.remove(rule);
        }
      }
    }
    return first;
  }

  private static StoreException refusal(StoreException.Kind kind) {
    return new StoreException(kind, "injected: the store is " + kind);
  }

  private void checkWritable() {
    lock.lock();
    try {
      if (refusing != null) {
        throw refusal(refusing);
      }
    } finally {
      lock.unlock();
    }
  }

  /// @throws StoreException also what the store was made to refuse
  @Override
  public Writer writer() {
    checkWritable();
    return new FaultyWriter(store.writer());
  }

  @Override
  public Optional<RunRow> run(RunId id) {
    return store.run(id);
  }

  @Override
  public Optional<RunRow> find(String workflow, String key) {
    return store.find(workflow, key);
  }

  @Override
  public Optional<RunRow> requested(String workflow, String request) {
    return store.requested(workflow, request);
  }

  @Override
  public List<RunRow> runs(Filter filter, Optional<RunId> after, int limit) {
    return store.runs(filter, after, limit);
  }

  @Override
  public Map<RunStatus, Long> counts(Filter filter) {
    return store.counts(filter);
  }

  @Override
  public List<HistoryRow> history(RunId run, long after, int limit) {
    return store.history(run, after, limit);
  }

  @Override
  public Optional<Loaded> load(RunId run) {
    return store.load(run);
  }

  @Override
  public List<Loaded> load(Collection<RunId> runs) {
    return store.load(runs);
  }

  @Override
  public List<Loaded> owned(String workflow, Optional<RunId> after, int limit) {
    return store.owned(workflow, after, limit);
  }

  @Override
  public long[] ends(RunId run, String parent, int visit, int count) {
    return store.ends(run, parent, visit, count);
  }

  @Override
  public Optional<HistoryRow> row(RunId run, long seq) {
    return store.row(run, seq);
  }

  @Override
  public List<WaitRow> due(Optional<WaitRow> after, Instant until, int limit) {
    return store.due(after, until, limit);
  }

  @Override
  public List<OnceRow> once(RunId run, String branch, int visit) {
    return store.once(run, branch, visit);
  }

  @Override
  public boolean gaveBack(long writer) {
    return store.gaveBack(writer);
  }

  @Override
  public List<OutboxRow> outbox(Optional<String> hook, long after, int limit) {
    return store.outbox(hook, after, limit);
  }

  @Override
  public List<OutboxRow> outboxOfRuns(long after, int limit) {
    return store.outboxOfRuns(after, limit);
  }

  @Override
  public List<OutboxRow> parked(long after, int limit) {
    return store.parked(after, limit);
  }

  @Override
  public EventLog log() {
    return store.log();
  }

  @Override
  public boolean accepted(RunId run, String message) {
    return store.accepted(run, message);
  }

  @Override
  public Optional<String> shape(String workflow, String version) {
    return store.shape(workflow, version);
  }

  @Override
  public List<ScheduleRow> schedules() {
    return store.schedules();
  }

  @Override
  public void close() {
    store.close();
  }

  private final class FaultyWriter implements Writer {
    private final Writer writer;
    private long last; // these four: by the lock of the store
    private long number;
    private int failures;
    private boolean fenced;

    FaultyWriter(Writer writer) {
      this.writer = writer;
    }

    @Override
    public long id() {
      return writer.id();
    }

    @Override
    public List<Commit.Rejection> commit(long batch, List<Commit> commits) {
      var act = next(batch, commits);
      return switch (act) {
        case null -> writer.commit(batch, commits);
        case Rule.Fail fail -> throw unanswered(batch);
        case Rule.Refuse refuse -> throw refusal(refuse.kind());
        case Rule.LoseAnswer lose -> {
          writer.commit(batch, commits);
          throw unanswered(batch);
        }
        case Rule.Hold hold -> {
          hold.gate().pass();
          yield writer.commit(batch, commits);
        }
      };
    }

    private static StoreException unanswered(long batch) {
      return new StoreException(
          StoreException.Kind.UNAVAILABLE, "injected: no answer to batch " + batch);
    }

    /// What is to be done to a batch, which is noted.
    private Rule.@Nullable Act next(long batch, List<Commit> commits) {
      lock.lock();
      try {
        var act = decide(batch, commits);
        var fault =
            switch (act) {
              case null -> null;
              case Rule.Fail fail -> Fault.FAILED;
              case Rule.LoseAnswer lose -> Fault.ANSWER_LOST;
              case Rule.Refuse refuse -> Fault.REFUSED;
              case Rule.Hold hold -> Fault.HELD;
            };
        if (fault != null) {
          injected.add(new Injected(number, fault, commits));
        }
        return act;
      } finally {
        lock.unlock();
      }
    }

    private Rule.@Nullable Act decide(long batch, List<Commit> commits) {
      boolean fresh = batch != last;
      if (fresh) {
        last = batch;
        number = ++batches;
        failures = 0;
      }
      var refused = refused();
      if (refused != null) {
        return new Rule.Refuse(refused);
      }
      if (!fresh) {
        return failures-- > 0 ? new Rule.Fail(1) : null;
      }
      var act = choose(number, commits);
      if (act instanceof Rule.Fail fail) {
        failures = fail.times() - 1;
      } else if (act instanceof Rule.Refuse refuse) {
        if (refuse.kind() == StoreException.Kind.FENCED) {
          fenced = true;
        } else {
          refusing = refuse.kind();
        }
      }
      return act;
    }

    private StoreException.@Nullable Kind refused() {
      return fenced ? StoreException.Kind.FENCED : refusing;
    }

    private void checkNotRefused() {
      lock.lock();
      try {
        var refused = refused();
        if (refused != null) {
          throw refusal(refused);
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void putShape(String workflow, String version, String fingerprint) {
      checkNotRefused();
      writer.putShape(workflow, version, fingerprint);
    }

    @Override
    public void writeSchedules(Collection<ScheduleRow> rows, Collection<String> removed) {
      checkNotRefused();
      writer.writeSchedules(rows, removed);
    }

    @Override
    public void close() {
      writer.close();
    }
  }
}
