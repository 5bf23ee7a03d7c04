package dev.pawl.jdbc;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import dev.pawl.store.EventLog;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.MessageRow;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Keeps runs in one SQLite file, in WAL mode with `synchronous=FULL`: what was committed survives
/// a power cut. One writer at a time, who holds an operating system's lock on a file beside it, so
/// holding it proves that all earlier writers are dead; readers need no lock, in this process or
/// another. Not for network file systems.
public final class SqliteStore implements Store {
  // One text for most filters, so that it is prepared once: a missing part is null, and statuses
  // are
  // bits. That of children has an index of its own.
  private static final String MATCHES =
      "(?1 is null or workflow = ?1) and (?2 is null or version = ?2)"
          + " and (?3 = 0 or (1 << status) & ?3 <> 0)";

  private final Path file;
  private final boolean writable;
  private final ReadPool readers;
  private final SqliteLog log;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable SqliteWriter writer; // guarded by lock
  private boolean closed; // guarded by lock

  private SqliteStore(Path file, boolean writable) {
    this.file = file;
    this.writable = writable;
    this.readers = new ReadPool(file, writable ? Connections::reading : Connections::onlyReading);
    this.log = new SqliteLog(readers, this::write);
  }

  /// Opens a file, and makes the tables if it is new. A file that is something else is not changed.
  ///
  /// @throws StoreException `FOREIGN` if the file is something else, `NEWER` if a newer Pawl wrote
  ///   it, `READ_ONLY` if it cannot be written
  public static SqliteStore open(Path file) {
    try {
      boolean ready;
      try (var connection = Connections.looking(file)) {
        ready = Schema.look(connection, file);
      }
      if (!ready) {
        try (var connection = Connections.writing(file)) {
          Schema.make(connection, file);
        }
      }
      return new SqliteStore(file.toRealPath(), true);
    } catch (SQLException e) {
      throw Errors.of(file, e);
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.UNAVAILABLE, file + " cannot be found any more", e);
    }
  }

  /// Opens a file to look at it, beside an engine or where nothing can be written: never changes
  /// the file and takes no lock of an engine. Beside a file whose last engine has closed it, SQLite
  /// may leave an empty log, which the next engine takes away.
  ///
  /// @return a store whose [#writer()] is refused as `READ_ONLY`
  /// @throws StoreException `UNAVAILABLE` if there is no such file, `FOREIGN` if it is empty or
  ///   something else, `NEWER` if a newer Pawl wrote it
  public static SqliteStore openToRead(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new StoreException(
          StoreException.Kind.UNAVAILABLE, "there is no file " + file + "; check its path");
    }
    try {
      var real = file.toRealPath();
      try (var connection = Connections.onlyReading(real)) {
        if (!Schema.look(connection, file)) {
          throw Errors.foreign(file);
        }
      }
      return new SqliteStore(real, false);
    } catch (SQLException e) {
      throw Errors.of(file, e);
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.UNAVAILABLE, file + " cannot be found any more", e);
    }
  }

  @Override
  public Writer writer() {
    lock.lock();
    try {
      if (closed) {
        throw Errors.closed(file);
      }
      checkWritable();
      var held = EngineLock.of(file);
      try {
        var taken = new SqliteWriter(file, held, log::appended);
        writer = taken;
        return taken;
      } catch (SQLException e) {
        held.close();
        throw e;
      }
    } catch (SQLException e) {
      throw Errors.of(file, e);
    } finally {
      lock.unlock();
    }
  }

  /// The writer's connection, for tests of its settings.
  Connection writersConnection() throws SQLException {
    lock.lock();
    try {
      return Objects.requireNonNull(writer, "there is no writer").connection();
    } finally {
      lock.unlock();
    }
  }

  private <T> List<T> list(String sql, ReadPool.Binder binder, ReadPool.Mapper<T> mapper) {
    return readers.read(reader -> reader.list(sql, binder, mapper));
  }

  private <T> Optional<T> first(String sql, ReadPool.Binder binder, ReadPool.Mapper<T> mapper) {
    return list(sql, binder, mapper).stream().findFirst();
  }

  @Override
  public Optional<RunRow> run(RunId id) {
    return first(
        "select " + Rows.RUN + " from run where id = ?",
        statement -> statement.setBytes(1, Rows.bytes(id)),
        Rows::run);
  }

  @Override
  public Optional<RunRow> find(String workflow, String key) {
    return first(
        "select "
            + Rows.RUN
            + """
             from run where id = coalesce(
              (select id from run where workflow = ?1 and key = ?2 and claim = 1),
              (select id from run where workflow = ?1 and key = ?2 and scope = 1),
              (select max(id) from run where workflow = ?1 and key = ?2))
            """,
        statement -> {
          statement.setString(1, workflow);
          statement.setString(2, key);
        },
        Rows::run);
  }

  @Override
  public Optional<RunRow> requested(String workflow, String request) {
    return first(
        "select " + Rows.RUN + " from run where workflow = ? and request = ?",
        statement -> {
          statement.setString(1, workflow);
          statement.setString(2, request);
        },
        Rows::run);
  }

  private static String matches(Filter filter) {
    return filter.parent().isPresent() ? MATCHES + " and parent = ?4" : MATCHES;
  }

  private static void bind(PreparedStatement statement, Filter filter) throws SQLException {
    statement.setString(1, filter.workflow().orElse(null));
    statement.setString(2, filter.version().orElse(null));
    statement.setInt(3, filter.statuses().stream().mapToInt(status -> 1 << status.ordinal()).sum());
    if (filter.parent().isPresent()) {
      statement.setBytes(4, Rows.bytes(filter.parent().get()));
    }
  }

  @Override
  public List<RunRow> runs(Filter filter, Optional<RunId> after, int limit) {
    return list(
        "select "
            + Rows.RUN
            + " from run where id > ?5 and "
            + matches(filter)
            + " order by id limit ?6",
        statement -> {
          bind(statement, filter);
          statement.setBytes(5, Rows.after(after));
          statement.setInt(6, limit);
        },
        Rows::run);
  }

  @Override
  public Map<RunStatus, Long> counts(Filter filter) {
    var counts = new EnumMap<RunStatus, Long>(RunStatus.class);
    list(
            "select status, count(*) from run where " + matches(filter) + " group by status",
            statement -> bind(statement, filter),
            row -> Map.entry(Rows.status(row.getInt(1)), row.getLong(2)))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  @Override
  public List<HistoryRow> history(RunId run, long after, int limit) {
    return list(
        "select "
            + Rows.HISTORY
            + " from history h where h.run = ? and h.seq > ? order by h.seq limit ?",
        statement -> {
          statement.setBytes(1, Rows.bytes(run));
          statement.setLong(2, after);
          statement.setInt(3, limit);
        },
        Rows::history);
  }

  @Override
  public Optional<Loaded> load(RunId run) {
    return loaded("run.id = ?", statement -> statement.setBytes(1, Rows.bytes(run))).stream()
        .findFirst();
  }

  @Override
  public List<Loaded> load(Collection<RunId> runs) {
    var ids = runs.stream().map(RunId::toString).collect(joining("\",\"", "[\"", "\"]"));
    return runs.isEmpty()
        ? List.of()
        : loaded(
            "run.id in (select unhex(value, '-') from json_each(?))",
            statement -> statement.setString(1, ids));
  }

  @Override
  public List<Loaded> owned(String workflow, Optional<RunId> after, int limit) {
    return loaded(
        """
        run.id in (select id from run where workflow = ? and owner <> 0 and id > ?
          order by id limit ?)
        """,
        statement -> {
          statement.setString(1, workflow);
          statement.setBytes(2, Rows.after(after));
          statement.setInt(3, limit);
        });
  }

  /// Reads runs with their rows from the floor on, their waits and their messages, as of one
  /// moment.
  private List<Loaded> loaded(String condition, ReadPool.Binder binder) {
    return readers.read(pooled ->
        pooled.atOnce(reader -> {
          var history =
              reader.list(
                  "select "
                      + Rows.HISTORY
                      + " from run join history h on h.run = run.id and h.seq >= (select floor"
                      + " from history where run = run.id order by seq desc limit 1) where "
                      + condition
                      + " order by h.run, h.seq",
                  binder,
                  Rows::history);
          var waits =
              reader.list(
                  "select wait.run, branch, visit, wake_at from run join wait on wait.run = run.id"
                      + " where "
                      + condition,
                  binder,
                  Rows::wait);
          var inbox =
              reader.list(
                  "select "
                      + Rows.MESSAGE
                      + " from run join message m on m.run = run.id where "
                      + condition
                      + " order by m.run, m.number",
                  binder,
                  Rows::message);
          var historyOf = history.stream().collect(groupingBy(HistoryRow::run));
          var waitsOf = waits.stream().collect(groupingBy(WaitRow::run));
          var inboxOf = inbox.stream().collect(groupingBy(MessageRow::run));
          return reader
              .list(
                  "select " + Rows.RUN + " from run where " + condition + " order by id",
                  binder,
                  Rows::run)
              .stream()
              .map(run ->
                  new Loaded(
                      run,
                      historyOf.getOrDefault(run.id(), List.of()),
                      waitsOf.getOrDefault(run.id(), List.of()),
                      inboxOf.getOrDefault(run.id(), List.of())))
              .toList();
        }));
  }

  @Override
  public long[] ends(RunId run, String parent, int visit, int count) {
    var ends = new long[count];
    var prefix = parent + "/" + visit + ".";
    // '/' follows '.' in ASCII: the range holds all names that begin with the prefix.
    list(
            """
            select branch, seq from history where run = ? and branch >= ? and branch < ?
              and (kind = ? or kind = ? and next = '')
            """,
            statement -> {
              statement.setBytes(1, Rows.bytes(run));
              statement.setString(2, prefix);
              statement.setString(3, parent + "/" + visit + "/");
              statement.setInt(4, HistoryRow.Kind.GAVE_UP.ordinal());
              statement.setInt(5, HistoryRow.Kind.LEFT.ordinal());
            },
            row -> Map.entry(row.getString(1).substring(prefix.length()), row.getLong(2)))
        .stream()
        .filter(end -> end.getKey().indexOf('/') < 0)
        .forEach(end -> ends[Integer.parseInt(end.getKey())] = end.getValue());
    return ends;
  }

  @Override
  public Optional<HistoryRow> row(RunId run, long seq) {
    return first(
        "select " + Rows.HISTORY + " from history h where h.run = ? and h.seq = ?",
        statement -> {
          statement.setBytes(1, Rows.bytes(run));
          statement.setLong(2, seq);
        },
        Rows::history);
  }

  @Override
  public List<WaitRow> due(Optional<WaitRow> after, Instant until, int limit) {
    return list(
        """
        select run, branch, visit, wake_at from wait
          where free = 1 and wake_at <= ? and (wake_at, run, branch) > (?, ?, ?)
          order by wake_at, run, branch limit ?
        """,
        statement -> {
          statement.setLong(1, Rows.micros(until));
          statement.setLong(
              2, after.map(wait -> Rows.micros(wait.wakeAt())).orElse(Long.MIN_VALUE));
          statement.setBytes(3, Rows.after(after.map(WaitRow::run)));
          statement.setString(4, after.map(WaitRow::branch).orElse(""));
          statement.setInt(5, limit);
        },
        Rows::wait);
  }

  @Override
  public boolean gaveBack(long writer) {
    return !list(
            "select id from writer where id = ? and alive = " + Schema.GAVE_BACK,
            statement -> statement.setLong(1, writer),
            row -> row.getLong(1))
        .isEmpty();
  }

  @Override
  public List<OnceRow> once(RunId run, String branch, int visit) {
    return list(
        """
        select run, branch, visit, name, value from once
          where run = ? and branch = ? and visit = ?
        """,
        statement -> {
          statement.setBytes(1, Rows.bytes(run));
          statement.setString(2, branch);
          statement.setInt(3, visit);
        },
        Rows::once);
  }

  @Override
  public List<OutboxRow> outbox(Optional<String> hook, long after, int limit) {
    var kind = hook.isPresent() ? OutboxRow.Kind.HOOK : OutboxRow.Kind.EVENT;
    return waiting(OutboxStatements.target(kind, hook.orElse("")), after, limit);
  }

  @Override
  public List<OutboxRow> outboxOfRuns(long after, int limit) {
    return waiting(OutboxStatements.target(OutboxRow.Kind.RUN, ""), after, limit);
  }

  private List<OutboxRow> waiting(String target, long after, int limit) {
    return list(
        "select "
            + Rows.OUTBOX
            + " from outbox where target = ? and parked is null and number > ?"
            + " order by number limit ?",
        statement -> {
          statement.setString(1, target);
          statement.setLong(2, after);
          statement.setInt(3, limit);
        },
        Rows::outbox);
  }

  @Override
  public List<OutboxRow> parked(long after, int limit) {
    return list(
        "select "
            + Rows.OUTBOX
            + " from outbox where parked is not null and number > ? order by number limit ?",
        statement -> {
          statement.setLong(1, after);
          statement.setInt(2, limit);
        },
        Rows::outbox);
  }

  @Override
  public EventLog log() {
    return log;
  }

  /// Writes to the log of events: on the writer's connection if there is one, for SQLite has one
  /// writer at a time.
  private void write(SqliteLog.Work work) {
    lock.lock();
    try {
      if (closed) {
        throw Errors.closed(file);
      }
      checkWritable();
      var current = writer;
      if (current == null || !current.transaction(work)) {
        try (var connection = Connections.writing(file)) {
          connection.setAutoCommit(false);
          work.run(connection);
          connection.commit();
        }
      }
    } catch (SQLException e) {
      throw Errors.of(file, e);
    } finally {
      lock.unlock();
    }
  }

  private void checkWritable() {
    if (!writable) {
      throw new StoreException(
          StoreException.Kind.READ_ONLY,
          file + " was opened to be read only; open it with SqliteStore.open");
    }
  }

  @Override
  public boolean accepted(RunId run, String message) {
    return !list(
            "select 1 from accepted where run = ? and id = ?",
            statement -> {
              statement.setBytes(1, Rows.bytes(run));
              statement.setString(2, message);
            },
            row -> row.getInt(1))
        .isEmpty();
  }

  @Override
  public Optional<String> shape(String workflow, String version) {
    return first(
        "select shape from definition where workflow = ? and version = ?",
        statement -> {
          statement.setString(1, workflow);
          statement.setString(2, version);
        },
        row -> row.getString(1));
  }

  @Override
  public List<ScheduleRow> schedules() {
    return list(SqliteSchedules.ALL, statement -> {}, SqliteSchedules::row);
  }

  /// Closes the store and its writer. The last to close the file copies its log into it.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      readers.close();
    } finally {
      try {
        if (writer != null) {
          writer.close();
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
