package dev.pawl.testkit.compat;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.pawl.store.CodecException;
import dev.pawl.store.Encoded;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.workflow.RunId;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/// Keeps a run in a file that people can read and later builds are checked against: one JSON object
/// a line, first the run with its input, then its rows, then how many these are.
///
/// States are the JSON that the store has, or Base64 if it has none; those that were stored as
/// patches are recorded whole.
public final class Recording {
  /// The number of the format, in the first line.
  static final int FORMAT = 1;

  private static final int ROWS = 20;
  private static final byte[] NONE = {};
  private static final JsonMapper JSON = new JsonMapper();

  private Recording() {}

  /// Records a run of a store: of `Engine.builder().store(store)`, or of a file that was opened by
  /// `SqliteStore.openToRead`. Reads page by page. The file appears whole or not at all, in the
  /// place of one that is there.
  ///
  /// @param file where to; by custom `NAME.jsonl`
  /// @throws IllegalArgumentException if the store has no such run
  /// @throws CodecException if the store keeps references, which no file can hold
  /// @throws IOException if the file cannot be written
  public static void write(Store store, RunId run, Path file) throws IOException {
    var row =
        store
            .run(run)
            .orElseThrow(() -> new IllegalArgumentException("the store has no run " + run));
    var part = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (var channel = FileChannel.open(part, CREATE, TRUNCATE_EXISTING, WRITE)) {
        var out = new BufferedOutputStream(Channels.newOutputStream(channel));
        write(store, row, out);
        out.flush();
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void write(Store store, RunRow run, OutputStream out) throws IOException {
    line(out, json -> header(store, run, json), "input", whole(run.input()));
    var states = new States(run.input(), seq -> store.row(run.id(), seq));
    long last = 0;
    for (boolean more = true; more; ) {
      var rows = store.history(run.id(), last, ROWS);
      for (var row : rows) {
        var state =
            row.state().isEmpty() ? NONE : whole(states.whole(row.seq(), row.state().get()));
        line(out, json -> row(row, json), "state", state);
        last = row.seq();
      }
      more = rows.size() == ROWS;
    }
    long rows = last;
    line(out, json -> json.writeNumberProperty("rows", rows), "", NONE);
  }

  private static byte[] whole(Encoded encoded) {
    if (encoded instanceof Encoded.Bytes whole) {
      return whole.bytes();
    }
    throw new CodecException(
        "a reference cannot be recorded; give the engine a codec, such as that of"
            + " dev.pawl:pawl-jackson");
  }

  private static void header(Store store, RunRow run, JsonGenerator json) {
    json.writeNumberProperty("recording", FORMAT);
    json.writeStringProperty("run", run.id().toString());
    json.writeStringProperty("workflow", run.workflow());
    json.writeStringProperty("version", run.version());
    json.writeStringProperty("key", run.key());
    json.writeStringProperty("status", run.state().status().name());
    json.writeStringProperty("reason", run.state().reason());
    json.writeStringProperty("created", run.created().toString());
    json.writePOJOProperty("headers", run.headers());
    json.writePOJOProperty("types", Shapes.types(store.shape(run.workflow(), run.version())));
  }

  private static void row(HistoryRow row, JsonGenerator json) {
    json.writeNumberProperty("seq", row.seq());
    json.writeStringProperty("kind", row.kind().name());
    json.writeStringProperty("branch", row.branch());
    json.writeNumberProperty("visit", row.visit());
    json.writeStringProperty("node", row.node());
    json.writeNumberProperty("attempt", row.attempt());
    json.writeStringProperty("port", row.port());
    json.writeStringProperty("next", row.next());
    row.error().ifPresent(error -> json.writeStringProperty("error", error));
    row.due().ifPresent(due -> json.writeStringProperty("due", due.toString()));
    json.writeStringProperty("at", row.at().toString());
    json.writeStringProperty("took", row.took().toString());
    json.writeNumberProperty("steps", row.steps());
    json.writeNumberProperty("branches", row.branches());
    row.message().ifPresent(message -> json.writeStringProperty("message", message));
  }

  /// Writes properties.
  private interface Properties {
    void write(JsonGenerator json);
  }

  /// Writes a line; a value comes last, so that its bytes can be found again.
  ///
  /// @param name what the value is called
  /// @param value its bytes; none for no value
  private static void line(OutputStream out, Properties properties, String name, byte[] value)
      throws IOException {
    boolean readable = value.length > 0 && isOneLineOfJson(value);
    var line = new ByteArrayOutputStream();
    try (var json = JSON.createGenerator(line)) {
      json.writeStartObject();
      properties.write(json);
      if (value.length > 0 && !readable) {
        json.writeStringProperty(name + "Base64", Base64.getEncoder().encodeToString(value));
      }
      json.writeEndObject();
    }
    var bytes = line.toByteArray();
    if (readable) {
      out.write(bytes, 0, bytes.length - 1);
      out.write((",\"" + name + "\":").getBytes(StandardCharsets.UTF_8));
      out.write(value);
      out.write('}');
    } else {
      out.write(bytes);
    }
    out.write('\n');
  }

  private static boolean isOneLineOfJson(byte[] value) {
    for (byte each : value) {
      if (each == '\n' || each == '\r') {
        return false;
      }
    }
    try (var parser = RecordingReader.JSON.createParser(value)) {
      parser.nextToken();
      parser.skipChildren();
      parser.finishToken();
      return parser.nextToken() == null;
    } catch (JacksonException e) {
      return false;
    }
  }
}
