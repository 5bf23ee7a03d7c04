package dev.pawl.jdbc;

import dev.pawl.store.HistoryRow;
import dev.pawl.store.OnceRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.store.StoreException;
import dev.pawl.store.WaitRow;
import dev.pawl.store.Writer;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/// Keeps runs in one SQLite file, in WAL mode with `synchronous=FULL`: what was committed survives
/// a power cut. One writer at a time, who holds an operating system's lock on a file beside it, so
/// holding it proves that all earlier writers are dead; readers need no lock, in this process or
/// another. Not for network file systems.
public final class SqliteStore implements Store {
  private static final int READERS = 4;
  private final Path file;
  private final Semaphore permits = new Semaphore(READERS);
  private final ConcurrentLinkedDeque<Connection> readers = new ConcurrentLinkedDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable SqliteWriter writer; // guarded by lock
  private volatile boolean closed;

  private SqliteStore(Path file) {
    this.file = file;
  }

  /// Opens a file, and makes the tables if it is new.
  ///
  /// @throws StoreException `FOREIGN` if the file is something else, `NEWER` if a newer Pawl wrote
  ///   it, `READ_ONLY` if it cannot be written
  public static SqliteStore open(Path file) {
    try (var connection = connect(file, false)) {
      Schema.prepare(connection, file);
      return new SqliteStore(file);
    } catch (SQLException e) {
      throw Errors.of(file, e);
    }
  }

  private static Connection connect(Path file, boolean readOnly) throws SQLException {
    var config = new SQLiteConfig();
    config.setBusyTimeout(5_000);
    config.setReadOnly(readOnly);
    config.enforceForeignKeys(true);
    if (!readOnly) {
      config.setJournalMode(SQLiteConfig.JournalMode.WAL);
      config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    }
    config.setCacheSize(-16_000);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    return config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
  }

  @Override
  public Writer writer() {
    lock.lock();
    try {
      checkOpen();
      var held = lockFile();
      try {
        writer = new SqliteWriter(file, connect(file, false), held);
        return writer;
      } catch (SQLException e) {
        held.release();
        held.channel().close();
        throw Errors.of(file, e);
      }
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.READ_ONLY, "the lock beside " + file + " cannot be taken: " + e, e);
    } finally {
      lock.unlock();
    }
  }

  private FileLock lockFile() throws IOException {
    var channel =
        FileChannel.open(
            file.resolveSibling(file.getFileName() + ".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    FileLock held = null;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this process; the same answer as when another holds it.
      held = null;
    }
    if (held == null) {
      channel.close();
      throw new StoreException(
          StoreException.Kind.LOCKED,
          file + " is in use by another engine; stop that one, or use another file");
    }
    return held;
  }

  /// The writer's connection, for tests of its settings.
  Connection writersConnection() {
    lock.lock();
    try {
      if (writer == null) {
        throw new IllegalStateException("there is no writer");
      }
      return writer.connection();
    } finally {
      lock.unlock();
    }
  }

  private interface Query<T> {
    T run(Connection connection) throws SQLException;
  }

  private <T> T read(Query<T> query) {
    checkOpen();
    permits.acquireUninterruptibly();
    try {
      var connection = readers.poll();
      if (connection == null) {
        connection = connect(file, true);
      }
      try {
        return query.run(connection);
      } finally {
        readers.push(connection);
      }
    } catch (SQLException e) {
      throw Errors.of(file, e);
    } finally {
      permits.release();
    }
  }

  private interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private interface Binder {
    void bind(PreparedStatement statement) throws SQLException;
  }

  private static <T> List<T> list(
      Connection connection, String sql, Binder binder, Reader<T> reader) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      binder.bind(statement);
      try (var rows = statement.executeQuery()) {
        var list = new ArrayList<T>();
        while (rows.next()) {
          list.add(reader.read(rows));
        }
        return list;
      }
    }
  }

  private <T> List<T> list(String sql, Binder binder, Reader<T> reader) {
    return read(connection -> list(connection, sql, binder, reader));
  }

  @Override
  public Optional<RunRow> run(RunId id) {
    return list(
            "select " + Rows.RUN + " from run where id = ?",
            statement -> statement.setBytes(1, Rows.bytes(id)),
            Rows::run)
        .stream()
        .findFirst();
  }

  @Override
  public Optional<RunRow> find(String workflow, String key) {
    return list(
            "select "
                + Rows.RUN
                + " from run where workflow = ? and key = ? order by claim desc, id desc limit 1",
            statement -> {
              statement.setString(1, workflow);
              statement.setString(2, key);
            },
            Rows::run)
        .stream()
        .findFirst();
  }

  @Override
  public Optional<RunRow> requested(String workflow, String request) {
    return list(
            "select " + Rows.RUN + " from run where workflow = ? and request = ?",
            statement -> {
              statement.setString(1, workflow);
              statement.setString(2, request);
            },
            Rows::run)
        .stream()
        .findFirst();
  }

  @Override
  public List<RunRow> runs(Filter filter, Optional<RunId> after, int limit) {
    return list(
        "select "
            + Rows.RUN
            + " from run where "
            + condition(filter)
            + " and id > ? order by id limit ?",
        statement -> {
          int next = bind(statement, filter);
          statement.setBytes(next, after.map(Rows::bytes).orElse(new byte[0]));
          statement.setInt(next + 1, limit);
        },
        Rows::run);
  }

  private static String condition(Filter filter) {
    var statuses =
        filter.statuses().stream()
            .map(status -> Integer.toString(status.ordinal()))
            .collect(Collectors.joining(", "));
    return "(? is null or workflow = ?) and (? is null or version = ?)"
        + (filter.statuses().isEmpty() ? "" : " and status in (" + statuses + ")");
  }

  private static int bind(PreparedStatement statement, Filter filter) throws SQLException {
    statement.setString(1, filter.workflow().orElse(null));
    statement.setString(2, filter.workflow().orElse(null));
    statement.setString(3, filter.version().orElse(null));
    statement.setString(4, filter.version().orElse(null));
    return 5;
  }

  @Override
  public Map<RunStatus, Long> counts(Filter filter) {
    var counts = new EnumMap<RunStatus, Long>(RunStatus.class);
    list(
            "select status, count(*) from run where " + condition(filter) + " group by status",
            statement -> bind(statement, filter),
            row -> Map.entry(RunStatus.values()[row.getInt(1)], row.getLong(2)))
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
    return loaded(
            "select " + Rows.RUN + " from run where run.id = ?",
            "run.id = ?",
            statement -> statement.setBytes(1, Rows.bytes(run)))
        .stream()
        .findFirst();
  }

  @Override
  public List<Loaded> owned(String workflow, Optional<RunId> after, int limit) {
    var chosen = "run.workflow = ? and run.owner <> 0 and run.id > ? order by run.id limit ?";
    return loaded(
        "select " + Rows.RUN + " from run where " + chosen,
        "run.id in (select run.id from run where " + chosen + ")",
        statement -> {
          statement.setString(1, workflow);
          statement.setBytes(2, after.map(Rows::bytes).orElse(new byte[0]));
          statement.setInt(3, limit);
        });
  }

  /// Reads runs with their rows from the floor on and their waits, as of one moment.
  private List<Loaded> loaded(String runs, String condition, Binder binder) {
    return read(connection -> {
      Schema.execute(connection, "begin");
      try {
        var history = new HashMap<RunId, List<HistoryRow>>();
        var waits = new HashMap<RunId, List<WaitRow>>();
        list(
                connection,
                "select "
                    + Rows.HISTORY
                    + " from run join history h on h.run = run.id and h.seq >= (select floor"
                    + " from history where run = run.id order by seq desc limit 1) where "
                    + condition
                    + " order by h.run, h.seq",
                binder,
                Rows::history)
            .forEach(row -> history.computeIfAbsent(row.run(), id -> new ArrayList<>()).add(row));
        list(
                connection,
                "select wait.run, branch, visit, wake_at from run join wait on wait.run ="
                    + " run.id where "
                    + condition,
                binder,
                Rows::wait)
            .forEach(row -> waits.computeIfAbsent(row.run(), id -> new ArrayList<>()).add(row));
        var loaded = new ArrayList<Loaded>();
        for (var run : list(connection, runs, binder, Rows::run)) {
          loaded.add(
              new Loaded(
                  run,
                  history.getOrDefault(run.id(), List.of()),
                  waits.getOrDefault(run.id(), List.of())));
        }
        return loaded;
      } finally {
        Schema.execute(connection, "commit");
      }
    });
  }

  @Override
  public long[] ends(RunId run, String parent, int visit, int count) {
    var ends = new long[count];
    var prefix = parent + "/" + visit + ".";
    // '/' follows '.' in ASCII: the range holds all names that begin with the prefix.
    list(
            "select branch, seq from history where run = ? and branch >= ? and branch < ?"
                + " and (kind = ? or kind = ? and next = '')",
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
    return list(
            "select " + Rows.HISTORY + " from history h where h.run = ? and h.seq = ?",
            statement -> {
              statement.setBytes(1, Rows.bytes(run));
              statement.setLong(2, seq);
            },
            Rows::history)
        .stream()
        .findFirst();
  }

  @Override
  public List<WaitRow> due(Instant until, int limit) {
    return list(
        "select run, branch, visit, wake_at from wait where free = 1 and wake_at <= ?"
            + " order by wake_at limit ?",
        statement -> {
          statement.setLong(1, Rows.micros(until));
          statement.setInt(2, limit);
        },
        Rows::wait);
  }

  @Override
  public Optional<Instant> nextDue() {
    return list(
            "select wake_at from wait where free = 1 order by wake_at limit 1",
            statement -> {},
            row -> Rows.time(row.getLong(1)))
        .stream()
        .findFirst();
  }

  @Override
  public List<OnceRow> once(RunId run, String branch, int visit) {
    return list(
        "select run, branch, visit, name, value from once where run = ? and branch = ?"
            + " and visit = ?",
        statement -> {
          statement.setBytes(1, Rows.bytes(run));
          statement.setString(2, branch);
          statement.setInt(3, visit);
        },
        Rows::once);
  }

  @Override
  public Optional<String> shape(String workflow, String version) {
    return list(
            "select shape from definition where workflow = ? and version = ?",
            statement -> {
              statement.setString(1, workflow);
              statement.setString(2, version);
            },
            row -> row.getString(1))
        .stream()
        .findFirst();
  }

  private void checkOpen() {
    if (closed) {
      throw new StoreException(StoreException.Kind.CLOSED, file + " is closed");
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      permits.acquireUninterruptibly(READERS);
      for (Connection reader; (reader = readers.poll()) != null; ) {
        reader.close();
      }
      if (writer != null) {
        writer.close();
      }
    } catch (SQLException e) {
      throw Errors.of(file, e);
    } finally {
      permits.release(READERS);
      lock.unlock();
    }
  }
}
