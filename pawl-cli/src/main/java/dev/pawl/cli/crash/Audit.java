package dev.pawl.cli.crash;

import dev.pawl.examples.Order;
import dev.pawl.jackson.JacksonCodec;
import dev.pawl.jdbc.SqliteStore;
import dev.pawl.store.Encoded;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.RunRow;
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
  private final int kills;
  private final JacksonCodec codec = new JacksonCodec();
  private final List<String> findings = new ArrayList<>();
  private int runs;
  private int open;
  private int unbooked;
  private int unreceipted;
  private long progress;

  private record Booking(String order, long cents, int calls, boolean voided) {}

  /// What the history of a run comes to.
  ///
  /// @param order its order as it was last committed
  /// @param retries how many attempts at the charge failed and were to be repeated
  /// @param progress rows that say more than that an attempt begins again
  private record Story(Optional<Order> order, int retries, int progress) {}

  private Audit(Path db, int kills) {
    this.db = db;
    this.kills = kills;
  }

  /// @param kills how many processes have been killed while they worked on these files
  static Audit of(Path db, int kills) throws SQLException {
    var audit = new Audit(db, kills);
    if (Files.exists(db)) {
      audit.compare();
    }
    return audit;
  }

  /// Of files that are not there.
  static Audit empty(Path db) {
    return new Audit(db, 0);
  }

  /// What is wrong, a line each; nothing if all is well.
  List<String> findings() {
    return List.copyOf(findings);
  }

  /// What the process that has just been killed was doing.
  ///
  /// @param before the audit before it was started
  Phase phase(Audit before) {
    if (runs == 0) {
      return Phase.SCHEMA;
    }
    if (open > 0 && progress == before.progress && runs == before.runs) {
      return Phase.RECOVERY;
    }
    if (unreceipted > 0) {
      return Phase.AFTER_BOOKING;
    }
    return unbooked > 0 ? Phase.BEFORE_BOOKING : Phase.ENDING;
  }

  private void compare() throws SQLException {
    var ledger = ledger();
    var unknown = new HashSet<>(ledger.keySet());
    try (var store = SqliteStore.open(db)) {
      var after = Optional.<RunId>empty();
      for (var page = store.runs(Store.Filter.ALL, after, PAGE);
          !page.isEmpty();
          page = store.runs(Store.Filter.ALL, after, PAGE)) {
        for (var run : page) {
          var story = story(store, run);
          story.order().ifPresent(order -> unknown.remove(order.reservation()));
          check(run, story, ledger);
        }
        after = Optional.of(page.getLast().id());
      }
    }
    unknown.forEach(key -> findings.add("the booking of key " + key + " is of no run"));
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
          progress += booking.calls();
          if (!booked.add(booking.order())) {
            findings.add("order " + booking.order() + " is booked twice");
          }
        }
      }
    }
    return ledger;
  }

  private Story story(Store store, RunRow run) {
    long expected = 1;
    int retries = 0;
    int rowsOfProgress = 0;
    Optional<Order> order = Optional.empty();
    for (var rows = store.history(run.id(), 0, PAGE);
        !rows.isEmpty();
        rows = store.history(run.id(), rows.getLast().seq(), PAGE)) {
      for (var row : rows) {
        if (row.seq() != expected++) {
          findings.add("run " + run.key() + " lacks row " + (row.seq() - 1));
        }
        if (row.branch().isEmpty() && row.kind() == HistoryRow.Kind.LEFT) {
          order = row.state().map(this::order);
        }
        retries += row.kind() == HistoryRow.Kind.RETRY && row.node().equals("charge") ? 1 : 0;
        rowsOfProgress += row.kind() == HistoryRow.Kind.AGAIN ? 0 : 1;
      }
    }
    return new Story(order, retries, rowsOfProgress);
  }

  private void check(RunRow run, Story story, Map<String, Booking> ledger) {
    var status = run.state().status();
    var order = story.order();
    var booking = order.map(o -> ledger.get(o.reservation()));
    boolean receipted = order.isPresent() && !order.get().payment().isEmpty();
    runs++;
    progress += story.progress();
    if (!status.isFinal()) {
      open++;
      unbooked += booking.isEmpty() ? 1 : 0;
      unreceipted += booking.isPresent() && !booking.get().voided() && !receipted ? 1 : 0;
    }
    if (receipted && booking.isEmpty()) {
      findings.add("run " + run.key() + " has a receipt that the bank does not know");
    }
    booking.ifPresent(booked -> check(run, story, order.orElseThrow(), booked));
    if (status == RunStatus.COMPLETED && order.isPresent()) {
      boolean kept = booking.isPresent() && !booking.get().voided();
      boolean shipped = order.get().status() == Order.Status.SHIPPED;
      if (shipped != kept) {
        findings.add(
            "run " + run.key() + " is " + order.get().status() + ", its booking " + booking);
      }
    }
    if (status == RunStatus.FAILED && booking.isPresent() && !booking.get().voided()) {
      findings.add("run " + run.key() + " failed, and its booking is not void");
    }
  }

  /// An attempt asks the bank at most once, and a kill repeats at most one attempt.
  private void check(RunRow run, Story story, Order order, Booking booking) {
    int attempts = story.retries() + 1;
    if (booking.calls() < 1 || booking.calls() > attempts + kills) {
      findings.add(
          "run "
              + run.key()
              + " asked the bank "
              + booking.calls()
              + " times, with "
              + attempts
              + " attempts and "
              + kills
              + " kills");
    }
    if (booking.cents() != order.total().movePointRight(2).longValueExact()) {
      findings.add("run " + run.key() + " costs " + order.total() + ", its booking " + booking);
    }
  }

  private Order order(Encoded state) {
    return (Order) codec.decode(state, Order.class);
  }
}
