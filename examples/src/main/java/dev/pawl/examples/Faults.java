package dev.pawl.examples;

import dev.pawl.workflow.step.StepContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.zip.CRC32C;

/// Makes a share of step attempts fail, half of them before and half after their effect: always the
/// same ones, because a hash of order, step, visit, attempt and seed decides.
///
/// @param rate the share, from 0 to 1
/// @param seed picks which
public record Faults(double rate, long seed) {
  /// No failures.
  public static final Faults NONE = new Faults(0, 0);

  /// Refuses a rate that is no share.
  public Faults {
    if (!(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException("a failure rate is between 0 and 1, not " + rate);
    }
  }

  /// An attempt that was made to fail.
  public static final class Injected extends IOException {
    private static final long serialVersionUID = 1;

    Injected(String message) {
      super(message);
    }
  }

  /// Runs an effect, or fails before or after it.
  <T> T around(String order, StepContext ctx, Callable<T> effect) throws Exception {
    double drawn = rate == 0 ? 1 : draw(order, ctx);
    if (drawn < rate / 2) {
      throw new Injected("failed before its effect");
    }
    var result = effect.call();
    if (drawn < rate) {
      throw new Injected("failed after its effect");
    }
    return result;
  }

  private double draw(String order, StepContext ctx) {
    var key = ctx.idempotencyKey();
    var visit = key.substring(key.lastIndexOf(':') + 1);
    var text = order + '\n' + ctx.node() + '\n' + visit + '\n' + ctx.attempt() + '\n' + seed;
    var sum = new CRC32C();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    long mixed = sum.getValue() * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
    return (mixed >>> 11) * 0x1.0p-53;
  }
}
