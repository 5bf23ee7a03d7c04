package dev.pawl.store;

import dev.pawl.store.Commit.Reason;
import dev.pawl.store.Commit.Rejection;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Keeps runs in maps, as long as the process lives. For tests, and for runs that need not survive.
///
/// Writers hold one lock; they and readers of a run hold that run's monitor for as long as they
/// write or copy. Most loads need no monitor: a barrier costs more than what they read.
public final class MemoryStore implements Store {
  private static final HistoryRow[] NO_ROWS = {};
  private static final int UNINDEXED = 64; // rows

  private final ReentrantLock lock = new ReentrantLock();
  private final ConcurrentSkipListMap<RunId, Entry> inOrder = new ConcurrentSkipListMap<>();
  private final Map<RunId, Entry> runs = new ConcurrentHashMap<>();
  private final Map<Key, Keyed> keys = new ConcurrentHashMap<>();
  private final Map<Key, RunId> requests = new ConcurrentHashMap<>();
  private final Map<RunId, NavigableSet<RunId>> children = new ConcurrentHashMap<>();
  private final Map<Key, String> shapes = new ConcurrentHashMap<>();
  private final TreeSet<Wake> wakes = new TreeSet<>(); // guarded by lock: of runs without owner
  private final Map<String, ScheduleRow> schedules = new TreeMap<>(); // guarded by lock
  private final EventLog log = EventLog.inMemory();
  private final MemoryOutbox outbox = new MemoryOutbox(log);
  private final Set<Long> closedWriters = ConcurrentHashMap.newKeySet();
  private long writers; // guarded by lock
  private @Nullable MemoryWriter current; // guarded by lock
  private volatile boolean closed;

  /// An empty store.
  public MemoryStore() {}

  private record Key(String workflow, String key) {}

  /// Who has a key.
  ///
  /// @param holder the run that holds it, or null
  /// @param newest the newest run that has or had it
  private record Keyed(@Nullable RunId holder, RunId newest) {}

  private record Wake(Instant at, RunId run, String branch, int visit) implements Comparable<Wake> {
    @Override
    public int compareTo(Wake other) {
      int byTime = at.compareTo(other.at);
      int byRun = byTime != 0 ? byTime : run.compareTo(other.run);
      return byRun != 0 ? byRun : branch.compareTo(other.branch);
    }
  }

  /// Rows of a run that are not in its array yet.
  ///
  /// @param before those before them
  /// @param count how many there are, with those
  private record Added(List<HistoryRow> rows, @Nullable Added before, int count) {}

  /// What few runs have.
  private static final class Extras {
    private static final Extras NONE = new Extras(); // of all that have nothing

    private final NavigableMap<String, WaitRow> waits = new TreeMap<>();
    private final Map<String, OnceRow> once = new LinkedHashMap<>(2);
    private final NavigableMap<Long, MessageRow> inbox = new TreeMap<>();
    private final Set<String> accepted = new HashSet<>(2);

    boolean areLoaded() {
      return !waits.isEmpty() || !inbox.isEmpty();
    }
  }

  /// One run; its fields are written with the lock and its monitor, so a writer reads them without
  /// the monitor.
  ///
  /// What every commit looks at stands here itself, not behind references, and what few runs have
  /// is made for those: with many runs, the time goes into fetching memory. So a commit leaves its
  /// rows in a chain, and whoever reads puts them into the array.
  private static final class Entry {
    private RunRow row;
    private long owner;
    private HistoryRow[] history = NO_ROWS; // as far as it is indexed
    private @Nullable Added added; // what is not
    private int rows;
    private int floor;
    private Extras extras = Extras.NONE;

    /// What [MemoryStore#load] gives, where that is no more than the run's row and what its last
    /// commit added: so it is with every run that has one branch and does not wait.
    private volatile @Nullable Loaded ready;

    Entry(RunRow row) {
      this.row = row;
      this.owner = row.state().owner();
    }

    void add(List<HistoryRow> more) {
      if (more.isEmpty()) {
        return;
      }
      int count = more.size() + (added == null ? 0 : added.count);
      added = new Added(more, added, count);
      rows += more.size();
      floor = (int) Math.max(0, more.getLast().floor() - 1);
      if (count > UNINDEXED) {
        index();
      }
    }

    private void index() {
      if (rows > history.length) {
        history = Arrays.copyOf(history, Math.max(rows, 2 * history.length));
      }
      int place = rows;
      for (var last = added; last != null; last = last.before) {
        for (var row : last.rows.reversed()) {
          history[--place] = row;
        }
      }
      added = null;
    }

    void makeReady(List<HistoryRow> last) {
      boolean sufficient = !last.isEmpty() && floor == rows - last.size() && !extras.areLoaded();
      ready = sufficient ? new Loaded(row, last, List.of(), List.of()) : null;
    }

    Loaded load() {
      return new Loaded(
          row,
          history(floor, rows),
          List.copyOf(extras.waits.values()),
          List.copyOf(extras.inbox.values()));
    }

    /// The rows from index `from` to index `to`.
    List<HistoryRow> history(int from, int to) {
      index();
      return List.copyOf(Arrays.asList(history).subList(from, to));
    }

    private Extras extras() {
      if (extras == Extras.NONE) {
        extras = new Extras();
      }
      return extras;
    }

    void add(WaitRow wait) {
      extras().waits.put(wait.branch(), wait);
    }

    @Nullable WaitRow remove(String branch) {
      return extras == Extras.NONE ? null : extras.waits.remove(branch);
    }

    void add(OnceRow row) {
      extras().once.putIfAbsent(once(row.branch(), row.visit(), row.name()), row);
    }

    void add(Mail mail) {
      var own = extras();
      for (var message : mail.received()) {
        message.id().ifPresent(own.accepted::add);
        own.inbox.put(message.number(), message);
      }
      mail.used().forEach(own.inbox::remove);
    }
  }

  private static String once(String branch, int visit, String name) {
    return branch + '\n' + visit + '\n' + name;
  }

  @Override
  public Writer writer() {
    lock.lock();
    try {
      checkOpen();
      current = new MemoryWriter(++writers);
      return current;
    } finally {
      lock.unlock();
    }
  }

  private final class MemoryWriter implements Writer {
    private final long id;
    private long batch;
    private List<Rejection> answer = List.of();

    MemoryWriter(long id) {
      this.id = id;
    }

    @Override
    public long id() {
      return id;
    }

    @Override
    public List<Rejection> commit(long number, List<Commit> commits) {
      lock.lock();
      try {
        checkAlive();
        if (number == batch) {
          return answer;
        }
        if (number != batch + 1) {
          throw new StoreException(
              StoreException.Kind.FENCED,
              "batch " + number + " does not follow batch " + batch + " of writer " + id);
        }
        List<Rejection> rejections = List.of();
        for (int i = 0; i < commits.size(); i++) {
          var reason = write(commits.get(i));
          if (reason != null) {
            rejections = rejections.isEmpty() ? new ArrayList<>() : rejections;
            rejections.add(new Rejection(i, reason));
          }
        }
        batch = number;
        answer = List.copyOf(rejections);
        return answer;
      } finally {
        lock.unlock();
      }
    }

    private void checkAlive() {
      checkOpen();
      if (current != this) {
        throw new StoreException(
            StoreException.Kind.FENCED, "writer " + id + " has been replaced by another");
      }
    }

    @Override
    public void putShape(String workflow, String version, String fingerprint) {
      lock.lock();
      try {
        checkAlive();
        shapes.put(new Key(workflow, version), fingerprint);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void writeSchedules(Collection<ScheduleRow> rows, Collection<String> removed) {
      lock.lock();
      try {
        checkAlive();
        rows.forEach(row -> schedules.put(row.name(), row));
        schedules.keySet().removeAll(removed);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (current == this) {
          current = null;
          closedWriters.add(id);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private @Nullable Reason write(Commit commit) {
    var known = runs.get(commit.run());
    var reason =
        commit.insert().isPresent()
            ? refusal(commit.insert().get(), known)
            : refusal(commit, known);
    if (reason != null) {
      return reason;
    }
    var entry = known != null ? known : new Entry(commit.insert().orElseThrow());
    synchronized (entry) {
      boolean wasFree = entry.owner == 0;
      entry.add(commit.history());
      commit.over().forEach(branch -> unwait(entry, branch));
      for (var wait : commit.waits()) {
        unwait(entry, wait.branch());
        entry.add(wait);
      }
      commit.once().forEach(entry::add);
      if (!commit.mail().isEmpty()) {
        entry.add(commit.mail());
      }
      commit.update().ifPresent(update -> update(entry, update));
      if (wasFree || entry.owner == 0) {
        index(entry);
      }
      entry.makeReady(commit.history());
    }
    commit.insert().ifPresent(row -> insert(row, entry));
    outbox.add(commit.outbox());
    outbox.settle(commit.settled());
    return null;
  }

  private @Nullable Reason refusal(RunRow row, @Nullable Entry known) {
    if (known != null) {
      return Reason.STALE;
    }
    if (row.request().isPresent()
        && requests.containsKey(new Key(row.workflow(), row.request().get()))) {
      return Reason.KEY_TAKEN;
    }
    var keyed = keys.get(new Key(row.workflow(), row.key()));
    boolean taken =
        keyed != null
            && switch (row.unique()) {
              case OPEN -> keyed.holder() != null;
              case EVER -> true;
              case NONE -> false;
            };
    return taken ? Reason.KEY_TAKEN : null;
  }

  private @Nullable Reason refusal(Commit commit, @Nullable Entry entry) {
    if (entry == null) {
      return Reason.UNKNOWN_RUN;
    }
    boolean otherOwner = commit.update().isPresent() && entry.owner != commit.expectedOwner();
    boolean otherSeq =
        !commit.history().isEmpty() && commit.history().getFirst().seq() != entry.rows + 1L;
    boolean again =
        !commit.mail().received().isEmpty()
            && commit.mail().received().stream()
                .anyMatch(
                    message -> message.id().filter(entry.extras.accepted::contains).isPresent());
    if (otherOwner || otherSeq || again) {
      return Reason.STALE;
    }
    boolean opens =
        commit.update().filter(state -> !state.status().isFinal()).isPresent()
            && entry.row.state().status().isFinal();
    return opens && isTaken(entry.row) ? Reason.KEY_TAKEN : null;
  }

  /// Whether a run that is over cannot have its key back.
  private boolean isTaken(RunRow row) {
    var keyed = keys.get(new Key(row.workflow(), row.key()));
    return row.unique() == RunRow.Unique.OPEN && keyed != null && keyed.holder() != null;
  }

  private void insert(RunRow row, Entry entry) {
    runs.put(row.id(), entry);
    inOrder.put(row.id(), entry);
    keys.compute(
        new Key(row.workflow(), row.key()),
        (key, before) ->
            new Keyed(
                holds(row) ? row.id() : before == null ? null : before.holder(),
                before == null || before.newest().compareTo(row.id()) < 0
                    ? row.id()
                    : before.newest()));
    row.parent()
        .ifPresent(parent ->
            children
                .computeIfAbsent(parent.run(), id -> new ConcurrentSkipListSet<>())
                .add(row.id()));
    row.request().ifPresent(id -> requests.put(new Key(row.workflow(), id), row.id()));
  }

  private static boolean holds(RunRow row) {
    return switch (row.unique()) {
      case OPEN -> !row.state().status().isFinal();
      case EVER -> true;
      case NONE -> false;
    };
  }

  private void update(Entry entry, RunRow.State update) {
    var row = entry.row;
    entry.row = row.with(update);
    entry.owner = update.owner();
    if (holds(row) != holds(entry.row)) {
      var holder = holds(entry.row) ? row.id() : null;
      keys.computeIfPresent(
          new Key(row.workflow(), row.key()), (key, keyed) -> new Keyed(holder, keyed.newest()));
    }
  }

  private void unwait(Entry entry, String branch) {
    var wait = entry.remove(branch);
    if (wait != null) {
      wakes.remove(wake(wait));
    }
  }

  private void index(Entry entry) {
    boolean free = entry.owner == 0 && !entry.row.state().status().isFinal();
    for (var wait : entry.extras.waits.values()) {
      if (free) {
        wakes.add(wake(wait));
      } else {
        wakes.remove(wake(wait));
      }
    }
  }

  private static Wake wake(WaitRow wait) {
    return new Wake(wait.wakeAt(), wait.run(), wait.branch(), wait.visit());
  }

  private void checkOpen() {
    if (closed) {
      throw new StoreException(StoreException.Kind.CLOSED, "the store is closed");
    }
  }

  @Override
  public Optional<RunRow> run(RunId id) {
    checkOpen();
    return Optional.ofNullable(runs.get(id)).map(MemoryStore::row);
  }

  private static RunRow row(Entry entry) {
    synchronized (entry) {
      return entry.row;
    }
  }

  @Override
  public Optional<RunRow> find(String workflow, String key) {
    checkOpen();
    return Optional.ofNullable(keys.get(new Key(workflow, key)))
        .flatMap(keyed -> run(keyed.holder() == null ? keyed.newest() : keyed.holder()));
  }

  @Override
  public Optional<RunRow> requested(String workflow, String request) {
    checkOpen();
    return Optional.ofNullable(requests.get(new Key(workflow, request))).flatMap(this::run);
  }

  @Override
  public List<RunRow> runs(Filter filter, Optional<RunId> after, int limit) {
    return matching(filter, after).limit(limit).toList();
  }

  private Stream<RunRow> matching(Filter filter, Optional<RunId> after) {
    checkOpen();
    return entries(filter, after).map(MemoryStore::row).filter(row -> matches(filter, row));
  }

  private Stream<Entry> entries(Filter filter, Optional<RunId> after) {
    if (filter.parent().isEmpty()) {
      return after.map(id -> inOrder.tailMap(id, false)).orElse(inOrder).values().stream();
    }
    var own = children.getOrDefault(filter.parent().get(), Collections.emptyNavigableSet());
    return after.map(id -> own.tailSet(id, false)).orElse(own).stream().map(runs::get);
  }

  private static boolean matches(Filter filter, RunRow row) {
    return filter.workflow().map(row.workflow()::equals).orElse(true)
        && filter.version().map(row.version()::equals).orElse(true)
        && (filter.statuses().isEmpty() || filter.statuses().contains(row.state().status()));
  }

  @Override
  public Map<RunStatus, Long> counts(Filter filter) {
    var counts = new EnumMap<RunStatus, Long>(RunStatus.class);
    matching(filter, Optional.empty())
        .forEach(row -> counts.merge(row.state().status(), 1L, Long::sum));
    return counts;
  }

  @Override
  public List<HistoryRow> history(RunId run, long after, int limit) {
    checkOpen();
    var entry = runs.get(run);
    if (entry == null) {
      return List.of();
    }
    synchronized (entry) {
      int from = (int) Math.min(after, entry.rows);
      int to = (int) Math.min((long) from + limit, entry.rows);
      return entry.history(from, to);
    }
  }

  @Override
  public Optional<Loaded> load(RunId run) {
    checkOpen();
    return Optional.ofNullable(runs.get(run)).map(MemoryStore::loaded);
  }

  @Override
  public List<Loaded> load(Collection<RunId> some) {
    return some.stream().map(this::load).flatMap(Optional::stream).toList();
  }

  private static Loaded loaded(Entry entry) {
    var ready = entry.ready;
    if (ready != null) {
      return ready;
    }
    synchronized (entry) {
      return entry.load();
    }
  }

  @Override
  public List<Loaded> owned(String workflow, Optional<RunId> after, int limit) {
    var filter = new Filter(Optional.of(workflow), Optional.empty(), List.of());
    return matching(filter, after)
        .filter(row -> row.state().owner() != 0)
        .limit(limit)
        .flatMap(row -> load(row.id()).stream())
        .toList();
  }

  @Override
  public long[] ends(RunId run, String parent, int visit, int count) {
    checkOpen();
    var ends = new long[count];
    var prefix = parent + "/" + visit + ".";
    var entry = runs.get(run);
    if (entry != null) {
      synchronized (entry) {
        for (var row : entry.history(0, entry.rows)) {
          boolean child =
              row.branch().startsWith(prefix) && row.branch().indexOf('/', prefix.length()) < 0;
          boolean end =
              row.kind() == HistoryRow.Kind.GAVE_UP
                  || row.kind() == HistoryRow.Kind.LEFT && row.next().isEmpty();
          if (child && end) {
            ends[Integer.parseInt(row.branch().substring(prefix.length()))] = row.seq();
          }
        }
      }
    }
    return ends;
  }

  @Override
  public Optional<HistoryRow> row(RunId run, long seq) {
    return history(run, seq - 1, 1).stream().findFirst();
  }

  @Override
  public List<WaitRow> due(Optional<WaitRow> after, Instant until, int limit) {
    lock.lock();
    try {
      checkOpen();
      var behind = after.map(wait -> wakes.tailSet(wake(wait), false)).orElse(wakes);
      return behind.stream()
          .takeWhile(wake -> !wake.at().isAfter(until))
          .limit(limit)
          .map(wake -> new WaitRow(wake.run(), wake.branch(), wake.visit(), wake.at()))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<OnceRow> once(RunId run, String branch, int visit) {
    checkOpen();
    var entry = runs.get(run);
    if (entry == null) {
      return List.of();
    }
    synchronized (entry) {
      return entry.extras.once.values().stream()
          .filter(row -> row.branch().equals(branch) && row.visit() == visit)
          .toList();
    }
  }

  @Override
  public List<OutboxRow> outbox(Optional<String> hook, long after, int limit) {
    checkOpen();
    return outbox.waiting(hook, after, limit);
  }

  @Override
  public List<OutboxRow> outboxOfRuns(long after, int limit) {
    checkOpen();
    return outbox.ofRuns(after, limit);
  }

  @Override
  public List<OutboxRow> parked(long after, int limit) {
    checkOpen();
    return outbox.parked(after, limit);
  }

  @Override
  public EventLog log() {
    return log;
  }

  @Override
  public boolean accepted(RunId run, String message) {
    checkOpen();
    var entry = runs.get(run);
    if (entry == null) {
      return false;
    }
    synchronized (entry) {
      return entry.extras.accepted.contains(message);
    }
  }

  @Override
  public Optional<String> shape(String workflow, String version) {
    checkOpen();
    return Optional.ofNullable(shapes.get(new Key(workflow, version)));
  }

  @Override
  public boolean gaveBack(long writer) {
    checkOpen();
    return closedWriters.contains(writer);
  }

  @Override
  public List<ScheduleRow> schedules() {
    lock.lock();
    try {
      checkOpen();
      return List.copyOf(schedules.values());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
