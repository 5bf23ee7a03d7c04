package dev.pawl.examples;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads orders from JSON Lines: one object a line. A line that is no order is reported and does
/// not stop the rest; blank lines and fields that are not asked for are ignored.
public final class OrderLines {
  private static final int LONGEST = 1 << 20;
  private static final BigInteger MOST_PIECES = BigInteger.TEN.pow(100);
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNumberLength(LONGEST).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private OrderLines() {}

  /// A line that is no order.
  ///
  /// @param line its number, from 1 on
  /// @param field where it is wrong, such as `lines[0].quantity`
  /// @param message what is wrong
  public record Bad(int line, String field, String message) {}

  private static final class Wrong extends Exception {
    private static final long serialVersionUID = 1;
    private final String field;

    Wrong(String field, String message) {
      super(message);
      this.field = field;
    }
  }

  /// Takes what is read.
  public interface Sink {
    /// Takes an order.
    void order(Order order) throws InterruptedException;

    /// Takes a line that is no order.
    void bad(Bad bad);
  }

  /// How many lines there are that are not blank, up to the end of the input.
  public static long count(InputStream input) throws IOException {
    long count = 0;
    boolean blank = true;
    var bytes = new byte[1 << 16];
    for (int length; (length = input.read(bytes)) >= 0; ) {
      for (int i = 0; i < length; i++) {
        if (bytes[i] == '\n') {
          count += blank ? 0 : 1;
          blank = true;
        } else {
          blank &= bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\r';
        }
      }
    }
    return count + (blank ? 0 : 1);
  }

  /// Reads all lines, in order.
  public static void read(InputStream input, Sink sink) throws IOException, InterruptedException {
    var in = new BufferedInputStream(input, 1 << 16);
    int number = 1;
    for (var line = line(in, true); line.isPresent(); line = line(in, false), number++) {
      try {
        var text = text(line.get());
        if (!text.isBlank()) {
          sink.order(order(text));
        }
      } catch (Wrong e) {
        sink.bad(new Bad(number, e.field, String.valueOf(e.getMessage())));
      }
    }
  }

  /// The bytes of the next line; one that is too long is cut one byte past the limit.
  private static Optional<byte[]> line(InputStream in, boolean first) throws IOException {
    var bytes = new ByteArrayOutputStream(256);
    int next = in.read();
    if (next < 0) {
      return Optional.empty();
    }
    for (; next >= 0 && next != '\n'; next = in.read()) {
      if (bytes.size() <= LONGEST) {
        bytes.write(next);
      }
    }
    var line = bytes.toByteArray();
    boolean marked =
        first
            && line.length >= 3
            && line[0] == (byte) 0xef
            && line[1] == (byte) 0xbb
            && line[2] == (byte) 0xbf;
    return Optional.of(marked ? Arrays.copyOfRange(line, 3, line.length) : line);
  }

  private static String text(byte[] line) throws Wrong {
    if (line.length > LONGEST) {
      throw new Wrong("line", "longer than " + LONGEST + " bytes");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
    } catch (CharacterCodingException e) {
      throw new Wrong("line", "not UTF-8");
    }
  }

  private static Order order(String text) throws Wrong {
    JsonNode tree;
    try {
      tree = JSON.readTree(text);
    } catch (JacksonException e) {
      throw new Wrong("line", "not JSON: " + e.getOriginalMessage());
    }
    if (!tree.isObject()) {
      throw new Wrong("line", "not an object");
    }
    var id = string(tree, "id");
    if (id.isEmpty()) {
      throw new Wrong("id", "empty");
    }
    var customer = string(tree, "customer");
    var country = string(tree, "country");
    if (country.length() != 2 || !country.chars().allMatch(Character::isLetter)) {
      throw new Wrong("country", "not two letters: " + country);
    }
    var order = Order.of(id, customer, country, lines(tree));
    if (order.total().compareTo(Bank.MOST) > 0) {
      throw new Wrong("lines", "the total is over " + Bank.MOST + ", the most that a bank charges");
    }
    return order;
  }

  private static List<Order.Line> lines(JsonNode tree) throws Wrong {
    var array = field(tree, "lines", "lines");
    if (!array.isArray() || array.isEmpty()) {
      throw new Wrong("lines", "not an array of at least one line");
    }
    var lines = new ArrayList<Order.Line>(array.size());
    for (int i = 0; i < array.size(); i++) {
      var path = "lines[" + i + "]";
      if (!array.get(i).isObject()) {
        throw new Wrong(path, "not an object");
      }
      lines.add(
          new Order.Line(
              string(array.get(i), "sku", path + ".sku"),
              quantity(array.get(i), path + ".quantity"),
              price(array.get(i), path + ".unitPrice")));
    }
    return List.copyOf(lines);
  }

  private static BigInteger quantity(JsonNode line, String path) throws Wrong {
    var quantity = field(line, "quantity", path);
    if (!quantity.isIntegralNumber() || quantity.bigIntegerValue().signum() < 1) {
      throw new Wrong(path, "not a whole number from 1 on: " + quantity);
    }
    var pieces = quantity.bigIntegerValue();
    if (pieces.compareTo(MOST_PIECES) > 0) {
      throw new Wrong(path, "over 1e100, the most that is counted");
    }
    return pieces;
  }

  private static BigDecimal price(JsonNode line, String path) throws Wrong {
    var text = string(line, "unitPrice", path);
    if (!text.matches("[0-9]++(\\.[0-9]{1,2})?")) {
      throw new Wrong(path, "not a decimal from 0 on with at most two places: " + text);
    }
    var price = new BigDecimal(text);
    if (price.compareTo(Bank.MOST) > 0) {
      throw new Wrong(path, "over " + Bank.MOST + ", the most that a bank charges");
    }
    return price;
  }

  private static String string(JsonNode tree, String name) throws Wrong {
    return string(tree, name, name);
  }

  private static String string(JsonNode tree, String name, String path) throws Wrong {
    var value = field(tree, name, path);
    if (!value.isString()) {
      throw new Wrong(path, "not a string");
    }
    var text = value.stringValue();
    // UTF-8 has no half characters; writing one down would change it.
    if (text.codePoints().anyMatch(OrderLines::isHalf)) {
      throw new Wrong(path, "holds half of a surrogate pair");
    }
    return text;
  }

  private static boolean isHalf(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private static JsonNode field(JsonNode tree, String name, String path) throws Wrong {
    var value = tree.get(name);
    if (value == null) {
      throw new Wrong(path, "missing");
    }
    return value;
  }
}
