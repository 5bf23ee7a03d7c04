package dev.pawl.testkit.simulation;

import dev.pawl.engine.schedule.Schedule;
import dev.pawl.store.Commit;
import dev.pawl.store.EventLog;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.Mail;
import dev.pawl.store.MessageRow;
import dev.pawl.store.OnceRow;
import dev.pawl.store.OutboxRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.ScheduleRow;
import dev.pawl.store.Store;
import dev.pawl.store.WaitRow;
import dev.pawl.store.Writer;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Stands between the engines and their store, and writes down what the store said it has written.
/// Holds each commit against the laws, and at the end the store against its own books.
///
/// Written for clarity, without any code of the engine: what a law says stands here once more.
final class Ledger implements Store {
  private static final Set<RunStatus> FINAL =
      Set.of(RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELLED, RunStatus.ERASED);

  /// What the store has written of one run.
  static final class Book {
    final RunRow started;
    final List<HistoryRow> history = new ArrayList<>();
    final List<RunRow.State> states = new ArrayList<>();
    final Map<String, WaitRow> waits = new TreeMap<>();
    final Map<String, OnceRow> once = new HashMap<>();
    final Set<String> accepted = new HashSet<>();
    final TreeSet<Long> unused = new TreeSet<>();
    private final Set<String> signalled = new HashSet<>(); // visits in which a signal came
    private final Set<String> refused = new HashSet<>(); // ids of signals
    private long messages;

    Book(RunRow started) {
      this.started = started;
      states.add(started.state());
    }

    /// Hears of a signal that each wait refuses.
    void refuse(String message) {
      refused.add(message);
    }

    RunRow.State state() {
      return states.getLast();
    }

    boolean isFinal() {
      return FINAL.contains(state().status());
    }
  }

  private final Store store;
  private final Trace trace;
  private final Consumer<Violation> violated;
  private final Map<RunId, Book> books = new LinkedHashMap<>();
  private final Post post = new Post();
  private final Map<String, Instant> schedules = new HashMap<>(); // since when each has slots
  private final boolean clocksAreRight;
  private final Set<String> requests = new HashSet<>(); // of children
  private long newestWriter;
  private int open;

  /// @param violated hears of what breaks a law
  Ledger(Store store, Trace trace, boolean clocksAreRight, Consumer<Violation> violated) {
    this.clocksAreRight = clocksAreRight;
    this.store = store;
    this.trace = trace;
    this.violated = violated;
  }

  Map<RunId, Book> books() {
    return books;
  }

  /// What runs have sent.
  Post post() {
    return post;
  }

  /// The books of the run with this key, if it was started.
  Optional<Book> book(String key) {
    return books.values().stream().filter(book -> book.started.key().equals(key)).findFirst();
  }

  /// Since when a schedule has slots, if it was written.
  Optional<Instant> began(Schedule<?> schedule) {
    return Optional.ofNullable(schedules.get(schedule.name()));
  }

  /// The id of the writer that took the store over last.
  long newestWriter() {
    return newestWriter;
  }

  /// How many runs are not over.
  int open() {
    return open;
  }

  /// How many runs there are that no other has started.
  long roots() {
    return books.values().stream().filter(book -> book.started.parent().isEmpty()).count();
  }

  /// Whether runs have told each other all that they had to.
  boolean isTold() {
    return store.outboxOfRuns(0, 1).isEmpty();
  }

  @Override
  public Writer writer() {
    var writer = store.writer();
    newestWriter = writer.id();
    trace.note("writer " + newestWriter + " takes the store over");
    return new BookingWriter(writer);
  }

  private final class BookingWriter implements Writer {
    private final Writer writer;
    private long booked;

    BookingWriter(Writer writer) {
      this.writer = writer;
    }

    @Override
    public long id() {
      return writer.id();
    }

    @Override
    public List<Commit.Rejection> commit(long batch, List<Commit> commits) {
      var rejections = writer.commit(batch, commits);
      if (batch <= booked) {
        return rejections;
      }
      booked = batch;
      try {
        book(commits, rejections);
      } catch (Violation e) {
        violated.accept(e);
      }
      return rejections;
    }

    private void book(List<Commit> commits, List<Commit.Rejection> rejections) {
      if (writer.id() != newestWriter) {
        throw new Violation(
            "fencing",
            "writer " + writer.id() + " wrote after writer " + newestWriter + " had taken over");
      }
      var rejected = new ArrayList<Integer>();
      rejections.forEach(rejection -> rejected.add(rejection.index()));
      for (int i = 0; i < commits.size(); i++) {
        if (!rejected.contains(i)) {
          Ledger.this.book(commits.get(i));
        }
      }
    }

    @Override
    public void putShape(String workflow, String version, String fingerprint) {
      writer.putShape(workflow, version, fingerprint);
    }

    @Override
    public void writeSchedules(Collection<ScheduleRow> rows, Collection<String> removed) {
      writer.writeSchedules(rows, removed);
      rows.forEach(row -> schedules.putIfAbsent(row.name(), row.state().settled()));
      trace.note("  schedules " + rows);
    }

    @Override
    public void close() {
      writer.close();
    }
  }

  private void book(Commit commit) {
    commit
        .insert()
        .ifPresent(row -> {
          if (books.putIfAbsent(row.id(), new Book(row)) != null) {
            throw new Violation("start", "run " + row.key() + " was inserted twice");
          }
          open++;
          checkSlot(row);
          row.parent().ifPresent(parent -> checkParent(row, parent));
          trace.note("  run " + row.key() + " started");
        });
    var book = books.get(commit.run());
    if (book == null) {
      throw new Violation("start", "run " + commit.run() + " was written before it was started");
    }
    if (book.isFinal() && !(commit.history().isEmpty() && commit.update().isEmpty())) {
      throw new Violation("final", "run " + book.started.key() + " is over and changes: " + commit);
    }
    book(book, commit.mail());
    commit.history().forEach(row -> book(book, row));
    commit.over().forEach(book.waits::remove);
    commit.waits().forEach(wait -> book.waits.put(wait.branch(), wait));
    for (var row : commit.once()) {
      book.once.putIfAbsent(row.branch() + '\n' + row.visit() + '\n' + row.name(), row);
    }
    commit.update().ifPresent(state -> book(book, state));
    commit.outbox().stream().filter(row -> row.kind() != OutboxRow.Kind.RUN).forEach(post::sent);
  }

  private static void checkNotRefused(Book book, Optional<String> message) {
    if (message.filter(book.refused::contains).isPresent()) {
      throw new Violation(
          "refused",
          "run " + book.started.key() + " has a trace of " + message.get() + ", which it refuses");
    }
  }

  private void book(Book book, Mail mail) {
    var key = book.started.key();
    for (var message : mail.received()) {
      checkNotRefused(book, message.id());
      if (message.number() != book.messages + 1) {
        throw new Violation(
            "inbox",
            "run " + key + " accepts message " + message.number() + " after " + book.messages);
      }
      if (message.id().isPresent() && !book.accepted.add(message.id().get())) {
        throw new Violation("inbox", "run " + key + " accepts " + message.id().get() + " twice");
      }
      book.messages++;
      book.unused.add(message.number());
    }
    for (long number : mail.used()) {
      if (!book.unused.remove(number)) {
        throw new Violation("inbox", "run " + key + " uses message " + number + ", which is gone");
      }
    }
  }

  /// A child comes after its parent, and once for each visit.
  private void checkParent(RunRow row, RunRow.Parent parent) {
    var book = books.get(parent.run());
    if (book == null
        || parent.depth() != book.started.parent().map(RunRow.Parent::depth).orElse(0) + 1) {
      throw new Violation("child", "run " + row.key() + " has the wrong parent " + parent);
    }
    if (!requests.add(row.request().orElseThrow())) {
      throw new Violation("child", "run " + row.key() + " was started twice by one visit");
    }
  }

  /// A run for a slot does not start before it.
  private static void checkSlot(RunRow row) {
    var slot = row.headers().get("slot");
    if (slot != null && row.created().isBefore(Instant.parse(slot))) {
      throw new Violation("slot", "run " + row.key() + " was started at " + row.created());
    }
  }

  private void book(Book book, HistoryRow row) {
    trace.row(book.started.key(), row);
    long expected = book.history.size() + 1L;
    if (row.seq() != expected) {
      throw new Violation(
          "sequence", "run " + book.started.key() + " has row " + row.seq() + " for " + expected);
    }
    checkNotRefused(book, row.message());
    if (row.kind() == HistoryRow.Kind.RECEIVED) {
      book.signalled.add(row.branch() + '#' + row.visit());
    }
    checkTimes(book, row);
    book.history.add(row);
  }

  /// A wait does not end before its time. That for another attempt is as long as it was to be by
  /// any clock, so it can be checked only where the clocks are right.
  private void checkTimes(Book book, HistoryRow row) {
    boolean early = row.port().equals("timeout");
    boolean ends =
        row.kind() == HistoryRow.Kind.LEFT
            || row.kind() == HistoryRow.Kind.GAVE_UP
            || row.kind() == HistoryRow.Kind.RETRY;
    if (early || !ends) {
      return;
    }
    var began = row.at().minus(row.took());
    var retry = retry(book, row);
    if (retry.isPresent() && clocksAreRight) {
      checkTime(book, row, began, retry.get());
    }
    var wait = book.waits.get(row.branch());
    boolean signalled = book.signalled.contains(row.branch() + '#' + row.visit());
    if (wait != null
        && !signalled
        && wait.visit() == row.visit()
        && !retry.equals(Optional.of(wait.wakeAt()))) {
      checkTime(book, row, began, wait.wakeAt());
    }
  }

  /// When the attempt that a row ends was due.
  private static Optional<Instant> retry(Book book, HistoryRow row) {
    for (int i = book.history.size() - 1; i >= 0; i--) {
      var before = book.history.get(i);
      if (before.branch().equals(row.branch())) {
        return before.visit() == row.visit() ? before.due() : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static void checkTime(Book book, HistoryRow row, Instant began, Instant due) {
    if (began.isBefore(due)) {
      throw new Violation(
          "timer",
          "run "
              + book.started.key()
              + " went on at "
              + began
              + " at "
              + row.node()
              + ", and was to wait until "
              + due);
    }
  }

  private void book(Book book, RunRow.State state) {
    trace.state(book.started.key(), state);
    var before = book.state().status();
    if (FINAL.contains(before)) {
      throw new Violation(
          "status", "run " + book.started.key() + " went from " + before + " to " + state.status());
    }
    if (state.inbox() != book.messages) {
      throw new Violation(
          "inbox",
          "run "
              + book.started.key()
              + " counts "
              + state.inbox()
              + " messages, and has accepted "
              + book.messages);
    }
    book.states.add(state);
    if (book.isFinal()) {
      open--;
    }
  }

  /// Holds the store against the books: nothing is lost, nothing is there twice.
  void audit() {
    for (var book : books.values()) {
      var id = book.started.id();
      var key = book.started.key();
      var waits = store.load(id).stream().flatMap(loaded -> loaded.waits().stream()).toList();
      if (!waits.equals(List.copyOf(book.waits.values()))) {
        throw new Violation(
            "timer", "run " + key + " has the waits " + waits + ", and not " + book.waits.values());
      }
      var left = store.load(id).stream().flatMap(loaded -> loaded.inbox().stream());
      if (!left.map(MessageRow::number).toList().equals(List.copyOf(book.unused))) {
        throw new Violation("inbox", "the messages of run " + key + " are not what was written");
      }
      var row = store.run(id).orElseThrow(() -> new Violation("loss", "run " + key + " is gone"));
      if (!row.state().equals(book.state())) {
        throw new Violation(
            "loss", "run " + key + " is " + row.state() + ", and was written " + book.state());
      }
      var history = store.history(id, 0, Integer.MAX_VALUE);
      if (!history.equals(book.history)) {
        throw new Violation("loss", "the history of run " + key + " is not what was written");
      }
      new Visits(key, history).check();
    }
    var keys = new ArrayList<String>();
    for (var book : books.values()) {
      if (book.started.parent().isPresent()) {
        continue;
      }
      if (keys.contains(book.started.key())) {
        throw new Violation("start", "there are two runs of key " + book.started.key());
      }
      keys.add(book.started.key());
    }
  }

  // Reads pass through.

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
}
