package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.examples.OrderGenerator;
import dev.pawl.jdbc.SqliteStore;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.Store;
import dev.pawl.workflow.RunStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OrdersBankTest {
  @TempDir private Path folder;

  private static String generated(int count) throws Exception {
    var orders = new StringBuilder();
    OrderGenerator.write(orders, count, 1);
    return orders.toString();
  }

  private Connection bank() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("pawl.db.bank"));
  }

  private void inBank(String... statements) throws SQLException {
    try (var connection = bank();
        var statement = connection.createStatement()) {
      for (var each : statements) {
        statement.execute(each);
      }
    }
  }

  private void assertRefused(Demo demo, int code, String why) {
    assertThat(code).isEqualTo(4);
    assertThat(demo.out()).isEmpty();
    assertThat(demo.errors())
        .singleElement()
        .asString()
        .startsWith(demo.bank().toString())
        .contains(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create table ledger (key text primary key, amount integer not null)",
        "create table ledger (key text primary key, order_id text not null, cents integer not null,"
            + " calls integer not null, voided integer not null, more text not null)",
        "create table customer (id integer)",
        "create view ledger as select 1 as key, 2 as order_id, 3 as cents, 4 as calls, 5 as voided"
      })
  void refusesADatabaseThatIsNoLedgerAndLeavesItAsItIs(String schema) throws Exception {
    inBank(schema);
    var demo = new Demo(folder);
    var before = Files.readAllBytes(demo.bank());

    int code = demo.orders(Demo.GOOD);

    assertRefused(demo, code, "is not a bank's ledger");
    assertThat(demo.bank()).hasBinaryContent(before);
  }

  @Test
  void refusesAFileThatIsNoDatabase() throws Exception {
    var demo = new Demo(folder);
    Files.writeString(demo.bank(), "hello, I am no database at all. ".repeat(100));

    int code = demo.orders(Demo.GOOD);

    assertRefused(demo, code, "is not a bank's ledger");
  }

  @Test
  void refusesADirectory() throws Exception {
    var demo = new Demo(folder);
    Files.createDirectory(demo.bank());

    int code = demo.orders(Demo.GOOD);

    assertRefused(demo, code, "cannot be opened");
  }

  @Test
  void refusesABankThatAnotherProcessHasLocked() throws Exception {
    var demo = new Demo(folder);
    demo.orders(Demo.GOOD);
    var again = new Demo(folder);

    try (var other = bank();
        var statement = other.createStatement()) {
      statement.execute("begin immediate");

      int code = again.orders(Demo.GOOD);

      assertRefused(again, code, "is locked by another process");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create trigger stop before insert on ledger begin select raise(abort, 'gone'); end",
        "alter table ledger rename to books",
        "drop table ledger"
      })
  void stopsWhenTheBankBreaksUnderItAndGoesOnWhenItIsMended(String harm) throws Exception {
    var orders = generated(400);
    var demo = new Demo(folder);
    Files.writeString(demo.input(), orders);
    var harmer =
        Thread.ofVirtual()
            .start(() -> {
              try {
                while (!isBooking()) {
                  Thread.onSpinWait();
                }
                inBank(
                    "begin immediate", "create table kept as select * from ledger", harm, "commit");
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });

    int code = demo.ordersOf(demo.input(), "--concurrency", "4");

    harmer.join();
    assertRefused(demo, code, "cannot be used");
    mend();
    var again = new Demo(folder);
    assertThat(again.ordersOf(again.input())).isZero();
    assertThat(again.number("completed")).isEqualTo(400);
    assertThat(again.text("bankTotal")).isEqualTo(again.text("ordersTotal"));
  }

  private boolean isBooking() throws SQLException {
    if (!Files.exists(folder.resolve("pawl.db.bank"))) {
      return false;
    }
    try (var connection = bank();
        var statement = connection.createStatement();
        var tables = connection.getMetaData().getTables(null, null, "ledger", null)) {
      if (!tables.next()) {
        return false;
      }
      try (var count = statement.executeQuery("select count(*) from ledger")) {
        return count.next() && count.getInt(1) >= 20;
      }
    }
  }

  private void mend() throws SQLException {
    inBank(
        "drop trigger if exists stop",
        "drop table if exists books",
        "create table if not exists ledger (key text primary key, order_id text not null,"
            + " cents integer not null, calls integer not null, voided integer not null)",
        "insert or ignore into ledger select * from kept",
        "drop table kept");
  }

  @Test
  void voidsWhatWasBookedThoughTheChargeGaveUpOrWhatCameAfterItFailed() throws Exception {
    var demo = new Demo(folder);

    int code =
        demo.orders(generated(150), "--fail-rate", "0.8", "--seed", "5", "--concurrency", "150");

    assertThat(code).isEqualTo(1);
    assertThat(demo.number("completed")).isPositive();
    assertThat(demo.text("ordersTotal")).isEqualTo(demo.text("bankTotal")).isNotEqualTo("0.00");
    var voided = new HashSet<String>();
    var kept = new HashSet<String>();
    try (var connection = bank();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select order_id, voided from ledger")) {
      while (rows.next()) {
        (rows.getInt(2) == 1 ? voided : kept).add(rows.getString(1));
      }
    }
    assertThat(voided).isNotEmpty().containsAll(bookedAndGaveUpAt("charge"));
    assertThat(voided).containsAll(bookedAndGaveUpAt("papers")).containsAll(gaveUpAt("ship"));
    assertThat(bookedAndGaveUpAt("charge")).isNotEmpty();
    assertThat(gaveUpAt("ship")).isNotEmpty();
    assertThat(kept).containsExactlyInAnyOrderElementsOf(ended(RunStatus.COMPLETED));
  }

  private List<String> bookedAndGaveUpAt(String node) throws SQLException {
    var booked = new HashSet<String>();
    try (var connection = bank();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select order_id from ledger")) {
      while (rows.next()) {
        booked.add(rows.getString(1));
      }
    }
    return gaveUpAt(node).stream().filter(booked::contains).toList();
  }

  /// The keys of the runs that left a node by its error edge.
  private List<String> gaveUpAt(String node) {
    try (var store = SqliteStore.open(folder.resolve("pawl.db"))) {
      return store.runs(Store.Filter.ALL, Optional.empty(), 1_000).stream()
          .filter(run -> rows(store, run.id()).anyMatch(row -> isGivingUp(row, node)))
          .map(run -> run.key())
          .toList();
    }
  }

  private static boolean isGivingUp(HistoryRow row, String node) {
    return row.kind() == HistoryRow.Kind.LEFT && row.node().equals(node) && row.error().isPresent();
  }

  private static Stream<HistoryRow> rows(Store store, dev.pawl.workflow.RunId run) {
    return store.history(run, 0, 1_000).stream();
  }

  private List<String> ended(RunStatus status) {
    try (var store = SqliteStore.open(folder.resolve("pawl.db"))) {
      return store.runs(Store.Filter.ALL, Optional.empty(), 1_000).stream()
          .filter(run -> run.state().status() == status)
          .map(run -> run.key())
          .toList();
    }
  }
}
