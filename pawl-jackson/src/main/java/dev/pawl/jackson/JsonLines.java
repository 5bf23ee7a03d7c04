package dev.pawl.jackson;

import dev.pawl.store.EventLog;
import dev.pawl.stream.EventSource;
import java.nio.file.Path;
import java.util.Optional;

/// A file of events, one JSON value a line. A value; [#open] reads it.
///
/// ```java
/// var lines = JsonLines.of(Path.of("orders.jsonl")).id("id").key("customer");
/// var connector = Connector.of("imports", () -> lines.open(engine.log(), "imports"),
///     event -> Intent.start(ORDERS, event.id(), event.value(codec, Order.class)));
/// ```
///
/// Empty lines are passed over. A line that is no JSON is an event like any other, which fails when
/// it is decoded. Lines may be added to the file after it was opened, as long as they are whole; it
/// has ended when its end was read.
///
/// @param file the file, in UTF-8
/// @param topic the topic of its events; also the name by which its cursors are kept
/// @param idField the top-level field with the event's id; without one, its place in the file
/// @param keyField the top-level field with the event's key; without one, its id
/// @param longest bytes of a line; of a longer one the rest is cut off, so that it cannot be
///   decoded
public record JsonLines(
    Path file, String topic, Optional<String> idField, Optional<String> keyField, int longest) {
  /// A file whose events have their place in it as their id and key, with lines of up to 4 MiB. Its
  /// name is the topic.
  public static JsonLines of(Path file) {
    return new JsonLines(
        file, "file:" + file.getFileName(), Optional.empty(), Optional.empty(), 4 << 20);
  }

  /// With another topic.
  public JsonLines topic(String topic) {
    return new JsonLines(file, topic, idField, keyField, longest);
  }

  /// With the id from a top-level field, a text or a number. Lines without it have their place.
  public JsonLines id(String field) {
    return new JsonLines(file, topic, Optional.of(field), keyField, longest);
  }

  /// With the key from a top-level field, a text or a number. Lines without it have their id.
  public JsonLines key(String field) {
    return new JsonLines(file, topic, idField, Optional.of(field), longest);
  }

  /// With lines of up to so many bytes.
  public JsonLines longest(int bytes) {
    return new JsonLines(file, topic, idField, keyField, bytes);
  }

  /// Reads the file from where the consumer has come to.
  ///
  /// @param log keeps the cursor
  /// @param consumer the name of the cursor
  /// @throws dev.pawl.store.StoreException `UNAVAILABLE` if it cannot be read, or is shorter than
  ///   what was read of it
  public EventSource open(EventLog log, String consumer) {
    return new JsonLinesSource(this, log, consumer);
  }
}
