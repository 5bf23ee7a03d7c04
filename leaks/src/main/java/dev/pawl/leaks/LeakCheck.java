package dev.pawl.leaks;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/// Fails a test after which a thread of an engine still lives that did not live before it, and a
/// test class of which that is true.
///
/// It looks when everything else of the test has ended, other extensions and what they keep
/// included, and gives threads that are ending five seconds for it, or what the configuration
/// parameter [#PATIENCE] says. Tests of one JVM must not run side by side.
public final class LeakCheck implements BeforeAllCallback, BeforeEachCallback {
  /// The name of a configuration parameter: how long threads may take to end, as `PT5S`.
  static final String PATIENCE = "dev.pawl.leaks.patience";

  private static final Namespace NAMESPACE = Namespace.create(LeakCheck.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);

  /// For JUnit, which finds this class as a service.
  public LeakCheck() {}

  @Override
  public void beforeAll(ExtensionContext context) {
    watch(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    watch(context);
  }

  /// JUnit closes what a context holds when the context ends, the oldest last.
  private static void watch(ExtensionContext context) {
    var patience = context.getConfigurationParameter(PATIENCE).orElse("PT5S");
    var watch = new Watch(EngineThreads.living().keySet(), Duration.parse(patience));
    context.getStore(NAMESPACE).put(LeakCheck.class, watch);
  }

  private record Watch(Set<Long> before, Duration patience) implements AutoCloseable {
    Watch {
      before = Set.copyOf(before);
    }

    @Override
    public void close() {
      long until = System.nanoTime() + patience.toNanos();
      var left = left();
      while (!left.isEmpty() && System.nanoTime() < until) {
        LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        left = left();
      }
      if (!left.isEmpty()) {
        throw new AssertionError(
            "threads of an engine still live, close it:\n\n" + String.join("\n\n", left.values()));
      }
    }

    private Map<Long, String> left() {
      var left = EngineThreads.living();
      left.keySet().removeAll(before);
      return left;
    }
  }
}
