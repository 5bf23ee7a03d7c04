package dev.pawl.jackson;

import dev.pawl.store.Encoded;
import dev.pawl.store.EventLog;
import dev.pawl.store.StoreException;
import dev.pawl.stream.Entry;
import dev.pawl.stream.Event;
import dev.pawl.stream.EventSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Reads a file of lines. A position is the place of the byte behind a line.
final class JsonLinesSource implements EventSource {
  private static final String MEMBER = "0/1";
  private static final JsonFactory JSON = JsonFactory.builder().build();
  private final JsonLines lines;
  private final EventLog log;
  private final String consumer;
  private final FileChannel channel;
  private final Instant modified;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).flip(); // by the reading thread
  private long place; // of the next byte; by the reading thread
  private volatile boolean ended;
  private volatile boolean closed;

  JsonLinesSource(JsonLines lines, EventLog log, String consumer) {
    this.lines = lines;
    this.log = log;
    this.consumer = consumer;
    this.place = log.cursors(lines.topic(), consumer).getOrDefault(MEMBER, 0L);
    try {
      this.modified = Files.getLastModifiedTime(lines.file()).toInstant();
      this.channel = FileChannel.open(lines.file(), StandardOpenOption.READ);
      boolean done = false;
      try {
        if (channel.size() < place) {
          throw new StoreException(
              StoreException.Kind.UNAVAILABLE,
              lines.file()
                  + " is shorter than the "
                  + place
                  + " bytes that were read of it; if it is another file, give it another topic");
        }
        channel.position(place);
        done = true;
      } finally {
        if (!done) {
          channel.close();
        }
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private StoreException unreadable(IOException e) {
    return new StoreException(
        StoreException.Kind.UNAVAILABLE, lines.file() + " cannot be read: " + e.getMessage(), e);
  }

  @Override
  public List<Entry> next(int limit, Duration wait) {
    var page = new ArrayList<Entry>();
    try {
      while (page.size() < limit && !ended && !closed) {
        long start = place;
        var line = line();
        if (line != null && !isBlank(line)) {
          page.add(new Entry(Long.toString(place), event(start, line)));
        }
      }
      return page;
    } catch (IOException e) {
      if (closed) {
        return List.of();
      }
      throw unreadable(e);
    }
  }

  /// The bytes up to the next end of a line, without it; null at the end of the file.
  private byte @Nullable [] line() throws IOException {
    var line = new ByteArrayOutputStream(256);
    for (; ; ) {
      if (!buffer.hasRemaining() && !fill()) {
        ended = true;
        return line.size() == 0 ? null : line.toByteArray();
      }
      int from = buffer.position();
      int to = from;
      var bytes = buffer.array();
      while (to < buffer.limit() && bytes[to] != '\n') {
        to++;
      }
      boolean whole = to < buffer.limit();
      line.write(bytes, from, Math.min(to - from, lines.longest() - line.size()));
      buffer.position(whole ? to + 1 : to);
      place += buffer.position() - from;
      if (whole) {
        return line.toByteArray();
      }
    }
  }

  private boolean fill() throws IOException {
    buffer.clear();
    int read = channel.read(buffer);
    buffer.flip();
    return read > 0;
  }

  private static boolean isBlank(byte[] line) {
    for (byte each : line) {
      if (each != ' ' && each != '\t' && each != '\r') {
        return false;
      }
    }
    return true;
  }

  private Event event(long start, byte[] line) {
    var fields = fields(line);
    var id = fields.getOrDefault("id", Long.toString(start));
    var key = fields.getOrDefault("key", id);
    return new Event(lines.topic(), id, key, new Encoded.Bytes(line), Map.of(), modified);
  }

  /// What the line says of its id and key. Of a line that is no JSON it is what stands before that
  /// shows.
  private Map<String, String> fields(byte[] line) {
    if (lines.idField().isEmpty() && lines.keyField().isEmpty()) {
      return Map.of();
    }
    var fields = new HashMap<String, String>();
    try (var parser = JSON.createParser(ObjectReadContext.empty(), line)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          var name = parser.currentName();
          var value = parser.nextToken();
          if (isNamed(value)) {
            put(fields, name, parser.getString());
          }
          parser.skipChildren();
        }
      }
    } catch (JacksonException e) {
      return fields; // whoever decodes the line says what is wrong with it
    }
    return fields;
  }

  private static boolean isNamed(JsonToken value) {
    return value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT;
  }

  private void put(Map<String, String> fields, String name, String value) {
    if (!value.isEmpty() && lines.idField().filter(name::equals).isPresent()) {
      fields.put("id", value);
    }
    if (!value.isEmpty() && lines.keyField().filter(name::equals).isPresent()) {
      fields.put("key", value);
    }
  }

  @Override
  public void acknowledge(Entry last) {
    log.advance(lines.topic(), consumer, MEMBER, Long.parseLong(last.position()));
  }

  @Override
  public boolean isEnded() {
    return ended;
  }

  @Override
  public void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }
}
