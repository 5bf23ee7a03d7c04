package dev.pawl.examples;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/// A bank that keeps its ledger in a SQLite file of its own. It books a charge once a key: asked
/// again with a key that it knows, it gives the first receipt and only counts the call.
///
/// A bank whose file fails under it is out of order until it is opened again: it tells whoever
/// opened it, once, and those who ask it for something wait until they are interrupted. So no order
/// is judged by a full disk, and an attempt that is cut there repeats under its number.
/// Thread-safe.
public final class Bank implements Orders.Cashier, AutoCloseable {
  /// The most that a charge may be: as many cents as a column of the ledger holds.
  public static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE, 2);

  private static final int BUSY_MILLIS = 2_000;
  private static final String TABLE =
      """
      create table if not exists ledger (
        key text primary key,
        order_id text not null,
        cents integer not null,
        calls integer not null,
        voided integer not null)
      """;
  private static final List<String> COLUMNS =
      List.of(
          "key text 0 1",
          "order_id text 1 0",
          "cents integer 1 0",
          "calls integer 1 0",
          "voided integer 1 0");

  private final ReentrantLock lock = new ReentrantLock();
  private final Path file;
  private final Connection connection;
  private final Consumer<Unusable> outage;
  private boolean outOfOrder; // guarded by lock

  private Bank(Path file, Connection connection, Consumer<Unusable> outage) {
    this.file = file;
    this.connection = connection;
    this.outage = outage;
  }

  /// A bank's file cannot be used. The message is one line that names the file, says why, and what
  /// to do.
  public static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    Unusable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    private static Unusable of(Path file, SQLException error) {
      var reason =
          switch (SQLiteErrorCode.getErrorCode(error.getErrorCode() & 0xff)) {
            case SQLITE_BUSY, SQLITE_LOCKED ->
                " is locked by another process; try again when that has ended";
            case SQLITE_FULL -> " has no room left; make room on its disk";
            case SQLITE_READONLY, SQLITE_PERM -> " cannot be written; check its permissions";
            case SQLITE_CANTOPEN ->
                " cannot be opened; check that its folder exists and can be written";
            case SQLITE_NOTADB -> " is not a bank's ledger; give another file, or move it away";
            default -> " cannot be used: " + error.getMessage();
          };
      return new Unusable(file + reason, error);
    }
  }

  /// Opens a ledger, and makes it if there is none. A file that is something else is not changed.
  ///
  /// @param outage hears, on the thread that found out, of the error after which the bank is out of
  ///   order
  /// @throws Unusable if the file is something else, is locked, or cannot be written
  public static Bank open(Path file, Consumer<Unusable> outage) throws Unusable {
    var config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    try {
      var connection = config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
      boolean opened = false;
      try {
        prepare(connection, file);
        opened = true;
        return new Bank(file, connection, outage);
      } finally {
        if (!opened) {
          connection.close();
        }
      }
    } catch (SQLException e) {
      throw Unusable.of(file, e);
    }
  }

  private static void prepare(Connection connection, Path file) throws SQLException, Unusable {
    var found =
        strings(
            connection,
            "select type || ' ' || name from sqlite_master where name not like 'sqlite\\_%'"
                + " escape '\\'");
    var columns =
        strings(
            connection,
            "select name || ' ' || lower(type) || ' ' || \"notnull\" || ' ' || pk"
                + " from pragma_table_info('ledger') order by cid");
    boolean isLedger = found.equals(List.of("table ledger")) && columns.equals(COLUMNS);
    if (!found.isEmpty() && !isLedger) {
      throw new Unusable(
          file + " is not a bank's ledger; give another file, or move it away", null);
    }
    try (var statement = connection.createStatement()) {
      statement.execute("begin immediate");
      statement.execute(TABLE);
      // Writes, which a table that exists would not, so a file that cannot be written is found out.
      statement.execute("pragma user_version = 1");
      statement.execute("commit");
      statement.execute("pragma journal_mode = wal");
      statement.execute("pragma synchronous = full");
    }
  }

  private static List<String> strings(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var strings = new ArrayList<String>();
      while (rows.next()) {
        strings.add(rows.getString(1));
      }
      return strings;
    }
  }

  /// Charges an order.
  ///
  /// @param key the idempotency key
  /// @param amount at most [#MOST], with at most two places
  /// @return the receipt, the same for each call with the key
  /// @throws InterruptedException if the caller is interrupted, which alone ends the call once the
  ///   bank is out of order
  @Override
  public String charge(String key, String order, BigDecimal amount) throws InterruptedException {
    long cents = amount.movePointRight(2).longValueExact();
    update(
        "insert into ledger (key, order_id, cents, calls, voided) values (?, ?, ?, 1, 0)"
            + " on conflict (key) do update set calls = calls + 1",
        statement -> {
          statement.setString(1, key);
          statement.setString(2, order);
          statement.setLong(3, cents);
        });
    return "receipt-" + key;
  }

  /// Takes a charge back; a key that was never charged, or was voided before, changes nothing.
  ///
  /// @throws InterruptedException as [#charge]
  @Override
  public void voidCharge(String key) throws InterruptedException {
    update("update ledger set voided = 1 where key = ?", statement -> statement.setString(1, key));
  }

  private interface Binder {
    void bind(PreparedStatement statement) throws SQLException;
  }

  private void update(String sql, Binder binder) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (!outOfOrder) {
        try (var statement = connection.prepareStatement(sql)) {
          binder.bind(statement);
          statement.executeUpdate();
          return;
        } catch (SQLException e) {
          outOfOrder = true;
          outage.accept(Unusable.of(file, e));
        }
      }
    } finally {
      lock.unlock();
    }
    new CountDownLatch(1).await();
  }

  /// The sum of all charges that were not voided.
  ///
  /// @throws Unusable if the ledger cannot be read
  public BigDecimal total() throws Unusable {
    lock.lock();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("select cents from ledger where voided = 0")) {
      var sum = BigInteger.ZERO;
      while (rows.next()) {
        sum = sum.add(BigInteger.valueOf(rows.getLong(1)));
      }
      return new BigDecimal(sum, 2);
    } catch (SQLException e) {
      throw Unusable.of(file, e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws Unusable {
    lock.lock();
    try {
      outOfOrder = true;
      connection.close();
    } catch (SQLException e) {
      throw Unusable.of(file, e);
    } finally {
      lock.unlock();
    }
  }
}
