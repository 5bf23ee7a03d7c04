package dev.pawl.engine;

import dev.pawl.store.Encoded;
import dev.pawl.store.OutboxRow;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The stored form of what a hook is to hear: what the row of the outbox does not say itself.
final class HookForm {
  private static final int VERSION = 1;
  private static final HookEvent.Kind[] KINDS = HookEvent.Kind.values();
  private static final RunStatus[] STATUSES = RunStatus.values();

  private HookForm() {}

  /// What is kept of an event.
  ///
  /// @param error empty if there is none
  record Form(
      HookEvent.Kind kind,
      String workflow,
      String version,
      RunStatus status,
      String reason,
      String node,
      int attempt,
      String error,
      long sequence) {}

  static Encoded write(Form form) {
    var bytes = new ByteArrayOutputStream(128);
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeByte(form.kind.ordinal());
      out.writeByte(form.status.ordinal());
      out.writeInt(form.attempt);
      out.writeLong(form.sequence);
      write(out, form.workflow);
      write(out, form.version);
      write(out, form.reason);
      write(out, form.node);
      write(out, form.error);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is no I/O
    }
    return new Encoded.Bytes(bytes.toByteArray());
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /// The event that a row tells of.
  static HookEvent read(OutboxRow row) {
    if (!(row.payload() instanceof Encoded.Bytes stored)) {
      throw new IllegalStateException("row " + row.number() + " of the outbox is for no hook");
    }
    try (var in = new DataInputStream(new ByteArrayInputStream(stored.bytes()))) {
      int version = in.readByte();
      if (version != VERSION) {
        throw new IllegalStateException(
            "row " + row.number() + " of the outbox has form " + version + ", not " + VERSION);
      }
      var kind = KINDS[in.readByte()];
      var status = STATUSES[in.readByte()];
      int attempt = in.readInt();
      long sequence = in.readLong();
      var workflow = text(in);
      var workflowVersion = text(in);
      var reason = text(in);
      var node = text(in);
      var error = text(in);
      RunId run = row.run();
      return new HookEvent(
          row.id(),
          kind,
          run,
          workflow,
          workflowVersion,
          row.key(),
          status,
          reason,
          node,
          attempt,
          error.isEmpty() ? Optional.empty() : Optional.of(error),
          sequence,
          row.headers(),
          row.at());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is no I/O: the bytes are too few
    }
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }
}
