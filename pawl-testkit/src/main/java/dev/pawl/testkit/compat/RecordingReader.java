package dev.pawl.testkit.compat;

import dev.pawl.store.Encoded;
import dev.pawl.store.HistoryRow;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/// Reads a recording line by line.
final class RecordingReader implements AutoCloseable {
  static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(1_000)
                          .maxNumberLength(Integer.MAX_VALUE)
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNameLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .build();

  private static final int LONGEST_LINE = 256 << 20;
  private static final String AGAIN = "; record the run again with Recording.write";

  private final Path file;
  private final InputStream in;
  private final Header header;
  private long line;
  private long rows;

  /// Opens a file and reads its first line.
  ///
  /// @throws BadRecording if it is no recording
  RecordingReader(Path file) throws IOException {
    this.file = file;
    this.in = new BufferedInputStream(Files.newInputStream(file));
    try {
      this.header = header(object("the file is empty" + AGAIN));
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /// A run.
  ///
  /// @param types the names of the types of its nodes' states when it was recorded
  record Header(
      RunId run,
      String workflow,
      String version,
      String key,
      RunStatus status,
      Map<String, String> types,
      Encoded input) {}

  Header header() {
    return header;
  }

  /// The next row; empty after the last.
  ///
  /// @throws BadRecording if the line is damaged, or the file ends too early or too late
  Optional<HistoryRow> next() throws IOException {
    var object = object("the file was cut after " + rows + " rows" + AGAIN);
    if (object.has("rows")) {
      if (object.number("rows") != rows) {
        throw object.bad("there are " + rows + " rows above, not " + object.number("rows") + AGAIN);
      }
      if (in.read() >= 0) {
        throw object.bad("this is the last line of a recording, but more follows" + AGAIN);
      }
      return Optional.empty();
    }
    rows++;
    if (object.number("seq") != rows) {
      throw object.bad("row " + rows + " should be here, not " + object.number("seq") + AGAIN);
    }
    return Optional.of(row(object));
  }

  private Header header(Line object) {
    if (!object.has("recording")) {
      throw object.bad("this is no recording of a run; give another file, or move it away");
    }
    if (object.number("recording") != Recording.FORMAT) {
      throw object.bad(
          "the format is "
              + object.number("recording")
              + ", and this build reads "
              + Recording.FORMAT
              + "; use the Pawl that wrote it, or record the run again");
    }
    return new Header(
        object.value("run", RunId::parse),
        object.text("workflow"),
        object.text("version"),
        object.text("key"),
        object.value("status", RunStatus::valueOf),
        object.map("types"),
        object.encoded("input").orElseThrow(() -> object.bad("input: missing" + AGAIN)));
  }

  private HistoryRow row(Line object) {
    return new HistoryRow(
        header.run(),
        rows,
        object.value("kind", HistoryRow.Kind::valueOf),
        object.text("branch"),
        (int) object.number("visit"),
        object.text("node"),
        (int) object.number("attempt"),
        object.text("port"),
        object.text("next"),
        object.encoded("state"),
        object.has("error") ? Optional.of(object.text("error")) : Optional.empty(),
        object.has("due") ? Optional.of(object.value("due", Instant::parse)) : Optional.empty(),
        object.value("at", Instant::parse),
        object.value("took", Duration::parse),
        1,
        (int) object.number("steps"),
        (int) object.number("branches"),
        object.has("message") ? Optional.of(object.text("message")) : Optional.empty());
  }

  /// Reads a line.
  ///
  /// @param missing what is wrong if there is none
  private Line object(String missing) throws IOException {
    var bytes = new ByteArrayOutputStream();
    line++;
    for (int next; (next = in.read()) != '\n'; ) {
      if (next < 0) {
        throw new BadRecording(
            file, line, bytes.size() == 0 ? missing : "the line has no end" + AGAIN);
      }
      if (bytes.size() == LONGEST_LINE) {
        throw new BadRecording(file, line, "a line is longer than 256 MiB" + AGAIN);
      }
      bytes.write(next);
    }
    return new Line(bytes.toByteArray());
  }

  /// The properties of a line.
  private final class Line {
    private final Map<String, Object> properties = new HashMap<>();

    Line(byte[] bytes) {
      try (var parser = JSON.createParser(bytes)) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
          throw bad("a line of a recording is a JSON object" + AGAIN);
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          var name = parser.currentName();
          if (has("state") || has("input")) {
            throw bad(name + ": a state must come last in its line" + AGAIN);
          }
          properties.put(name, value(name, parser, bytes));
        }
        if (parser.nextToken() != null) {
          throw bad("more follows the JSON object" + AGAIN);
        }
      } catch (JacksonException e) {
        throw new BadRecording(file, line, "this is no JSON: " + e.getOriginalMessage() + AGAIN, e);
      }
    }

    private Object value(String name, JsonParser parser, byte[] bytes) {
      var token = parser.nextToken();
      if (name.equals("state") || name.equals("input")) {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        // It comes last, so what follows is the brace that ends the line.
        return Arrays.copyOfRange(bytes, from, bytes.length - 1);
      }
      if (token == JsonToken.START_OBJECT && name.equals("types")) {
        return types(parser);
      }
      parser.skipChildren();
      return token == JsonToken.VALUE_NUMBER_INT
          ? (Object) parser.getLongValue()
          : parser.getString();
    }

    private static Map<String, String> types(JsonParser parser) {
      var types = new HashMap<String, String>();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        var node = parser.currentName();
        parser.nextToken();
        types.put(node, parser.getString());
      }
      return types;
    }

    boolean has(String name) {
      return properties.containsKey(name);
    }

    String text(String name) {
      return value(name, String.class, "a text");
    }

    long number(String name) {
      return value(name, Long.class, "a whole number");
    }

    @SuppressWarnings("unchecked") // there are no other maps
    Map<String, String> map(String name) {
      return (Map<String, String>) value(name, Map.class, "an object of texts");
    }

    <T> T value(String name, Function<String, T> parsing) {
      var text = text(name);
      try {
        return parsing.apply(text);
      } catch (RuntimeException e) {
        throw new BadRecording(file, line, name + ": " + text + " has no meaning here" + AGAIN, e);
      }
    }

    Optional<Encoded> encoded(String name) {
      if (has(name)) {
        return Optional.of(new Encoded.Bytes(value(name, byte[].class, "a state")));
      }
      return has(name + "Base64")
          ? Optional.of(new Encoded.Bytes(value(name + "Base64", Base64.getDecoder()::decode)))
          : Optional.empty();
    }

    private <T> T value(String name, Class<T> type, String what) {
      var value = properties.get(name);
      if (!type.isInstance(value)) {
        throw bad(name + ": " + (value == null ? "missing" : "not " + what) + AGAIN);
      }
      return type.cast(value);
    }

    BadRecording bad(String message) {
      return new BadRecording(file, line, message);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
