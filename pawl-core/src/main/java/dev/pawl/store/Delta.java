package dev.pawl.store;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// What changed between two byte strings, as copies from the first and inserts of new bytes.
///
/// The blocks of the base are indexed by a hash; a rolling hash over the target finds them again at
/// any offset, and each hit is extended in both directions. That is the rsync algorithm (Tridgell
/// and Mackerras, 1996) with the instructions of VCDIFF (RFC 3284) in a plainer form: a checksum of
/// the target, its length, then pairs of an insert (length, bytes) and a copy (length, offset), all
/// numbers as varints. A base that is not the one it was made for is found out by the checksum.
public final class Delta {
  private static final int BLOCK = 32;
  private static final int PRIME = 0x01000193;
  private static final int LEADING = power(BLOCK - 1);

  private Delta() {}

  /// What makes `target` out of `base`. The same arguments give the same bytes.
  public static byte[] between(byte[] base, byte[] target) {
    var out = new ByteArrayOutputStream(64);
    var sum = new CRC32C();
    sum.update(target);
    number(out, sum.getValue());
    number(out, target.length);
    var index = index(base);
    int written = 0;
    int at = 0;
    int hash = target.length >= BLOCK ? hash(target, 0) : 0;
    while (at + BLOCK <= target.length) {
      int found = index[slot(hash, index.length)] - 1;
      int back = 0;
      int ahead = 0;
      if (found >= 0
          && (ahead = Arrays.mismatch(base, found, base.length, target, at, target.length)) != 0) {
        ahead = ahead < 0 ? Math.min(base.length - found, target.length - at) : ahead;
        while (back < Math.min(at - written, found)
            && base[found - back - 1] == target[at - back - 1]) {
          back++;
        }
      }
      if (ahead + back >= BLOCK) {
        insert(out, target, written, at - back);
        number(out, ahead + back);
        number(out, found - back);
        at += ahead;
        written = at;
        if (at + BLOCK <= target.length) {
          hash = hash(target, at);
        }
      } else {
        if (at + BLOCK < target.length) {
          hash = (hash - target[at] * LEADING) * PRIME + target[at + BLOCK];
        }
        at++;
      }
    }
    insert(out, target, written, target.length);
    return out.toByteArray();
  }

  /// The target that `delta` was made for.
  ///
  /// @throws CodecException if `delta` is damaged, or was made for another base
  public static byte[] apply(byte[] base, byte[] delta) {
    try {
      var in = new Reader(delta);
      long expected = in.number();
      var target = new byte[length(in.number(), base, delta)];
      int at = 0;
      while (in.hasMore()) {
        int insert = Math.toIntExact(in.number());
        System.arraycopy(delta, in.skip(insert), target, at, insert);
        at += insert;
        if (in.hasMore()) {
          int copy = Math.toIntExact(in.number());
          System.arraycopy(base, Math.toIntExact(in.number()), target, at, copy);
          at += copy;
        }
      }
      var sum = new CRC32C();
      sum.update(target);
      if (at == target.length && sum.getValue() == expected) {
        return target;
      }
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw new CodecException("a patch is damaged, or its base is another", e);
    }
    throw new CodecException("a patch is damaged, or its base is another");
  }

  /// A copy takes at least three bytes, so a damaged length cannot ask for much more memory than
  /// the base and the patch explain.
  private static int length(long claimed, byte[] base, byte[] delta) {
    if (claimed > (long) base.length * delta.length + delta.length) {
      throw new IndexOutOfBoundsException("a length of " + claimed);
    }
    return Math.toIntExact(claimed);
  }

  /// Offsets plus one of the base's blocks, by hash; the first block of a hash stays.
  private static int[] index(byte[] base) {
    int blocks = base.length / BLOCK;
    var index = new int[Math.max(16, Integer.highestOneBit(Math.max(1, blocks)) << 2)];
    for (int block = 0; block < blocks; block++) {
      int slot = slot(hash(base, block * BLOCK), index.length);
      if (index[slot] == 0) {
        index[slot] = block * BLOCK + 1;
      }
    }
    return index;
  }

  private static int slot(int hash, int size) {
    return (hash * 0x9E3779B9) >>> Integer.numberOfLeadingZeros(size - 1);
  }

  private static int hash(byte[] bytes, int from) {
    int hash = 0;
    for (int i = 0; i < BLOCK; i++) {
      hash = hash * PRIME + bytes[from + i];
    }
    return hash;
  }

  private static int power(int exponent) {
    int power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= PRIME;
    }
    return power;
  }

  private static void insert(ByteArrayOutputStream out, byte[] target, int from, int to) {
    number(out, to - from);
    out.write(target, from, to - from);
  }

  private static void number(ByteArrayOutputStream out, long number) {
    long rest = number;
    while (rest > 0x7f) {
      out.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  /// Reads varints.
  private static final class Reader {
    private final byte[] bytes;
    private int at;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    boolean hasMore() {
      return at < bytes.length;
    }

    long number() {
      long number = 0;
      for (int shift = 0; shift < 63; shift += 7) {
        byte next = bytes[at++];
        number |= (long) (next & 0x7f) << shift;
        if (next >= 0) {
          return number;
        }
      }
      throw new IndexOutOfBoundsException("a number is too long");
    }

    int skip(int count) {
      int from = at;
      at += count;
      if (count < 0 || at > bytes.length) {
        throw new IndexOutOfBoundsException("bytes are missing");
      }
      return from;
    }
  }
}
