package dev.pawl.testkit.compat;

import dev.pawl.store.CodecException;
import dev.pawl.store.Delta;
import dev.pawl.store.Encoded;
import dev.pawl.store.HistoryRow;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.LongFunction;

/// The whole states of one run's rows, those that were stored as patches too. Remembers 16 MiB of
/// them, and asks for others again.
final class States {
  private static final long REMEMBERED_BYTES = 16L << 20;

  private final Encoded input;
  private final LongFunction<Optional<HistoryRow>> rows;
  private final LinkedHashMap<Long, byte[]> known = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /// @param input what the run started with: the state of row 0
  /// @param rows gives the row with a sequence number
  States(Encoded input, LongFunction<Optional<HistoryRow>> rows) {
    this.input = input;
    this.rows = rows;
  }

  /// The whole state of a row.
  ///
  /// @throws CodecException if it is a patch of something that is not there, or was damaged
  Encoded whole(long seq, Encoded stored) {
    return switch (stored) {
      case Encoded.Bytes whole -> {
        remember(seq, whole.bytes());
        yield whole;
      }
      case Encoded.Patch patch -> {
        if (patch.base() >= seq) {
          throw new CodecException("row " + seq + " is a patch of a later one, " + patch.base());
        }
        var whole = Delta.apply(base(seq, patch.base()), patch.delta());
        remember(seq, whole);
        yield new Encoded.Bytes(whole);
      }
      case Encoded.Reference reference -> reference;
    };
  }

  private byte[] base(long seq, long base) {
    var remembered = known.get(base);
    if (remembered != null) {
      return remembered;
    }
    var stored = base == 0 ? Optional.of(input) : rows.apply(base).flatMap(HistoryRow::state);
    if (stored.isPresent() && whole(base, stored.get()) instanceof Encoded.Bytes whole) {
      return whole.bytes();
    }
    throw new CodecException(
        "row " + seq + " is a patch of row " + base + ", whose state is not stored");
  }

  private void remember(long seq, byte[] whole) {
    var before = known.put(seq, whole);
    bytes += whole.length - (before == null ? 0 : before.length);
    var oldest = known.entrySet().iterator();
    while (bytes > REMEMBERED_BYTES && known.size() > 1) {
      bytes -= oldest.next().getValue().length;
      oldest.remove();
    }
  }
}
