package dev.pawl.examples;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/// An order on its way through the workflow.
///
/// @param id who it is; the key of its run
/// @param customer who ordered
/// @param country where it goes, two letters
/// @param lines what was ordered, at least one line
/// @param status how far it is
/// @param reservation the stock's receipt, empty before; also the key of the payment, so that the
///   step that voids a payment knows it whatever became of the step that made it
/// @param payment the bank's receipt, empty before
/// @param invoice the invoice's number, empty before
/// @param label the parcel's label, empty before
/// @param note what else there is to say
public record Order(
    String id,
    String customer,
    String country,
    List<Line> lines,
    Status status,
    String reservation,
    String payment,
    String invoice,
    String label,
    String note) {
  private static final BigDecimal REVIEWED_OVER = new BigDecimal("1000.00");

  /// One line.
  ///
  /// @param sku what
  /// @param quantity how many, from 1 on
  /// @param unitPrice the price of one
  public record Line(String sku, BigInteger quantity, BigDecimal unitPrice) {}

  /// How far an order is.
  public enum Status {
    /// Nothing was decided.
    NEW,
    /// A review let it pass.
    APPROVED,
    /// A review stopped it.
    REJECTED,
    /// It is on its way to the customer.
    SHIPPED
  }

  /// An order that has just come in.
  public static Order of(String id, String customer, String country, List<Line> lines) {
    return new Order(id, customer, country, lines, Status.NEW, "", "", "", "", "");
  }

  /// What it costs.
  public BigDecimal total() {
    return lines.stream()
        .map(line -> line.unitPrice().multiply(new BigDecimal(line.quantity())))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  boolean needsReview() {
    return total().compareTo(REVIEWED_OVER) > 0;
  }

  boolean isApproved() {
    return status == Status.APPROVED;
  }

  Order packed(String invoice, String label) {
    return new Order(
        id, customer, country, lines, status, reservation, payment, invoice, label, note);
  }

  Order with(Status status, String note) {
    return new Order(
        id, customer, country, lines, status, reservation, payment, invoice, label, note);
  }
}
