package dev.pawl.examples;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.SplittableRandom;

/// Makes up orders: the same seed gives the same bytes.
public final class OrderGenerator {
  private static final List<String> COUNTRIES =
      List.of("DE", "FR", "IT", "ES", "NL", "SE", "PL", "US", "JP", "BR");
  private static final List<String> SKUS =
      List.of("tea", "mug", "lamp", "desk", "chair", "book", "pen", "bag", "sofa", "tv");

  private OrderGenerator() {}

  /// Writes `count` orders as JSON Lines. About one in seven costs more than 1,000.00.
  ///
  /// @throws IOException if `out` does
  public static void write(Appendable out, int count, long seed) throws IOException {
    var random = new SplittableRandom(seed);
    for (int i = 1; i <= count; i++) {
      order(out, i, random);
    }
  }

  private static void order(Appendable out, int number, SplittableRandom random)
      throws IOException {
    out.append("{\"id\":\"order-")
        .append(Integer.toString(number))
        .append("\",\"customer\":\"customer-")
        .append(Integer.toString(random.nextInt(1, 1000)))
        .append("\",\"country\":\"")
        .append(COUNTRIES.get(random.nextInt(COUNTRIES.size())))
        .append("\",\"lines\":[");
    int lines = random.nextInt(1, 5);
    for (int line = 0; line < lines; line++) {
      boolean dear = random.nextInt(20) == 0;
      var price = BigDecimal.valueOf(random.nextLong(1, dear ? 200_000 : 10_000), 2);
      out.append(line == 0 ? "" : ",")
          .append("{\"sku\":\"")
          .append(SKUS.get(random.nextInt(SKUS.size())))
          .append("\",\"quantity\":")
          .append(Integer.toString(random.nextInt(1, 5)))
          .append(",\"unitPrice\":\"")
          .append(price.toPlainString())
          .append("\"}");
    }
    out.append("]}\n");
  }
}
