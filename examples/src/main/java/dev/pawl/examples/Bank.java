package dev.pawl.examples;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.SQLiteConfig;

/// A bank that keeps its ledger in a SQLite file of its own. It books a charge once a key: asked
/// again with a key that it knows, it gives the first receipt and only counts the call.
/// Thread-safe.
public final class Bank implements AutoCloseable {
  private static final String TABLE =
      """
      create table if not exists ledger (
        key text primary key,
        order_id text not null,
        cents integer not null,
        calls integer not null,
        voided integer not null)
      """;
  private final ReentrantLock lock = new ReentrantLock();
  private final Connection connection;

  private Bank(Connection connection) {
    this.connection = connection;
  }

  /// Opens a ledger, and makes it if there is none.
  public static Bank open(Path file) throws SQLException {
    var config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(5_000);
    var connection = config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
    try (var statement = connection.createStatement()) {
      statement.execute(TABLE);
    }
    return new Bank(connection);
  }

  /// Charges an order.
  ///
  /// @param key the idempotency key
  /// @return the receipt, the same for each call with the key
  public String charge(String key, String order, BigDecimal amount) throws SQLException {
    lock.lock();
    try (var statement =
        connection.prepareStatement(
            "insert into ledger (key, order_id, cents, calls, voided) values (?, ?, ?, 1, 0)"
                + " on conflict (key) do update set calls = calls + 1")) {
      statement.setString(1, key);
      statement.setString(2, order);
      statement.setLong(3, amount.movePointRight(2).longValueExact());
      statement.executeUpdate();
      return "receipt-" + key;
    } finally {
      lock.unlock();
    }
  }

  /// Takes a charge back; a key that was never charged, or was voided before, changes nothing.
  public void voidCharge(String key) throws SQLException {
    lock.lock();
    try (var statement =
        connection.prepareStatement("update ledger set voided = 1 where key = ?")) {
      statement.setString(1, key);
      statement.executeUpdate();
    } finally {
      lock.unlock();
    }
  }

  /// The sum of all charges that were not voided.
  public BigDecimal total() throws SQLException {
    lock.lock();
    try (var statement = connection.createStatement();
        var sum =
            statement.executeQuery("select coalesce(sum(cents), 0) from ledger where voided = 0")) {
      sum.next();
      return BigDecimal.valueOf(sum.getLong(1), 2);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws SQLException {
    lock.lock();
    try {
      connection.close();
    } finally {
      lock.unlock();
    }
  }
}
