package dev.pawl.cli.crash;

import dev.pawl.examples.Order;
import dev.pawl.jackson.JacksonCodec;
import dev.pawl.jdbc.SqliteStore;
import dev.pawl.store.Encoded;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.Store;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Compares the store of the demonstration with its bank's ledger, while nothing runs.
final class Audit {
  private static final int PAGE = 500;
  private final Path db;
  private final JacksonCodec codec = new JacksonCodec();
  private final List<String> findings = new ArrayList<>();

  private record Booking(String order, long cents, int calls, boolean voided) {}

  private Audit(Path db) {
    this.db = db;
  }

  /// What is wrong, a line each; nothing if all is well.
  static List<String> of(Path db) throws SQLException {
    var audit = new Audit(db);
    if (Files.exists(db)) {
      audit.compare();
    }
    return audit.findings;
  }

  private void compare() throws SQLException {
    var ledger = ledger();
    try (var store = SqliteStore.open(db)) {
      var after = Optional.<RunId>empty();
      for (var page = store.runs(Store.Filter.ALL, after, PAGE);
          !page.isEmpty();
          page = store.runs(Store.Filter.ALL, after, PAGE)) {
        for (var run : page) {
          check(store, run.id(), run.state().status(), run.key(), ledger);
        }
        after = Optional.of(page.getLast().id());
      }
    }
  }

  /// The bookings by key; more than one booking for an order is a finding.
  private Map<String, Booking> ledger() throws SQLException {
    var ledger = new HashMap<String, Booking>();
    var bank = db.resolveSibling(db.getFileName() + ".bank");
    if (!Files.exists(bank)) {
      return ledger;
    }
    var booked = new HashSet<String>();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + bank);
        var statement = connection.createStatement();
        var tables = connection.getMetaData().getTables(null, null, "ledger", null)) {
      if (!tables.next()) {
        return ledger;
      }
      try (var rows =
          statement.executeQuery("select key, order_id, cents, calls, voided from ledger")) {
        while (rows.next()) {
          var booking =
              new Booking(rows.getString(2), rows.getLong(3), rows.getInt(4), rows.getInt(5) == 1);
          ledger.put(rows.getString(1), booking);
          if (!booked.add(booking.order())) {
            findings.add("order " + booking.order() + " is booked twice");
          }
          if (booking.calls() < 1) {
            findings.add("order " + booking.order() + " is booked without a call");
          }
        }
      }
    }
    return ledger;
  }

  private void check(
      Store store, RunId id, RunStatus status, String key, Map<String, Booking> ledger) {
    long expected = 1;
    Optional<Order> order = Optional.empty();
    for (var rows = store.history(id, 0, PAGE);
        !rows.isEmpty();
        rows = store.history(id, rows.getLast().seq(), PAGE)) {
      for (var row : rows) {
        if (row.seq() != expected++) {
          findings.add("run " + key + " lacks row " + (row.seq() - 1));
        }
        if (row.branch().isEmpty() && row.kind() == HistoryRow.Kind.LEFT) {
          order = row.state().map(this::order);
        }
      }
    }
    var booking = order.map(o -> ledger.get(o.reservation()));
    boolean charged = order.isPresent() && !order.get().payment().isEmpty();
    if (charged && booking.isEmpty()) {
      findings.add("run " + key + " has a receipt that the bank does not know");
    }
    if (status == RunStatus.COMPLETED && order.isPresent()) {
      boolean kept = booking.isPresent() && !booking.get().voided();
      boolean shipped = order.get().status() == Order.Status.SHIPPED;
      if (shipped != kept) {
        findings.add("run " + key + " is " + order.get().status() + ", its booking " + booking);
      }
    }
    if (status == RunStatus.FAILED && booking.isPresent() && !booking.get().voided()) {
      findings.add("run " + key + " failed, and its booking is not void");
    }
  }

  private Order order(Encoded state) {
    return (Order) codec.decode(state, Order.class);
  }
}
