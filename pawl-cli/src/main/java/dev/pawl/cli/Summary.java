package dev.pawl.cli;

import java.math.BigDecimal;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/// What the orders of a file came to.
///
/// @param runs valid distinct orders in the file
/// @param completed how many of them completed
/// @param failed how many of them failed
/// @param invalid lines that are no orders
/// @param steps committed visits of all runs in the store
/// @param retries attempts that were repeated, of all runs in the store
/// @param ordersTotal the sum of what was shipped, from the store's history
/// @param bankTotal the sum of the bank's ledger
/// @param seconds how long this start took
record Summary(
    long runs,
    long completed,
    long failed,
    long invalid,
    long steps,
    long retries,
    BigDecimal ordersTotal,
    BigDecimal bankTotal,
    double seconds) {
  boolean isClean() {
    return completed == runs && invalid == 0;
  }

  String json() {
    var mapper = new JsonMapper();
    return mapper
        .createObjectNode()
        .put("runs", runs)
        .put("completed", completed)
        .put("failed", failed)
        .put("invalid", invalid)
        .put("steps", steps)
        .put("retries", retries)
        .put("ordersTotal", ordersTotal.setScale(2).toPlainString())
        .put("bankTotal", bankTotal.setScale(2).toPlainString())
        .put("seconds", Math.round(seconds * 1000) / 1000.0)
        .toString();
  }

  String table() {
    return String.join(
        System.lineSeparator(),
        row("runs", Long.toString(runs)),
        row("completed", Long.toString(completed)),
        row("failed", Long.toString(failed)),
        row("invalid lines", Long.toString(invalid)),
        row("steps", Long.toString(steps)),
        row("retries", Long.toString(retries)),
        row("orders total", ordersTotal.setScale(2).toPlainString()),
        row("bank total", bankTotal.setScale(2).toPlainString()),
        row("seconds", String.format(Locale.ROOT, "%.3f", seconds)));
  }

  private static String row(String name, String value) {
    return String.format(Locale.ROOT, "%-14s %16s", name, value);
  }
}
