package dev.pawl.leaks;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

final class LeakCheckTest {
  private static CountDownLatch end = new CountDownLatch(1);

  @AfterEach
  void endLeakedThreads() {
    end.countDown();
    end = new CountDownLatch(1);
  }

  @Test
  void failsATestThatLeavesAVirtualThreadOfAnEngine() {
    var results = run("leavesAVirtualThread");

    assertFailedWith(results, "pawl-timers");
  }

  @Test
  void failsATestThatLeavesAPlatformThreadOfAnEngine() {
    var results = run("leavesAPlatformThread");

    assertFailedWith(results, "pawl-committer");
  }

  @Test
  void saysWhereTheThreadIs() {
    var results = run("leavesAVirtualThread");

    assertFailedWith(results, "CountDownLatch.await");
  }

  @Test
  void waitsForAThreadThatIsEnding() {
    var results = run("leavesAThreadThatEnds");

    results.testEvents().assertStatistics(tests -> tests.succeeded(1).failed(0));
  }

  @Test
  void leavesOtherThreadsAlone() {
    var results = run("leavesAThreadOfSomebodyElse");

    results.testEvents().assertStatistics(tests -> tests.succeeded(1).failed(0));
  }

  @Test
  void blamesTheClassForAThreadOfItsPreparation() {
    var results = run(Preparing.class, "leavesNothing");

    results.testEvents().assertStatistics(tests -> tests.succeeded(1).failed(0));
    results.containerEvents().assertStatistics(containers -> containers.failed(1));
  }

  private static void assertFailedWith(EngineExecutionResults results, String part) {
    results
        .testEvents()
        .assertThatEvents()
        .haveExactly(1, event(test(), finishedWithFailure(message(text -> text.contains(part)))));
  }

  private static EngineExecutionResults run(String method) {
    return run(Leaking.class, method);
  }

  private static EngineExecutionResults run(Class<?> type, String method) {
    return EngineTestKit.engine("junit-jupiter")
        .enableImplicitConfigurationParameters(true)
        .configurationParameter(LeakCheck.PATIENCE, "PT0.1S")
        .selectors(selectMethod(type, method))
        .execute();
  }

  /// What a leaked thread does until the end of the test.
  private static Runnable waiting() {
    var latch = end;
    return () -> {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    };
  }

  static final class Leaking {
    @Test
    void leavesAVirtualThread() {
      Thread.ofVirtual().name("pawl-timers").start(waiting());
    }

    @Test
    void leavesAPlatformThread() {
      Thread.ofPlatform().daemon().name("pawl-committer").start(waiting());
    }

    @Test
    void leavesAThreadThatEnds() {
      Thread.ofVirtual().name("pawl-branch").start(() -> LockSupport.parkNanos(20_000_000));
    }

    @Test
    void leavesAThreadOfSomebodyElse() {
      Thread.ofVirtual().name("mine").start(waiting());
    }
  }

  static final class Preparing {
    @BeforeAll
    static void leaveAThread() {
      Thread.ofVirtual().name("pawl-waits").start(waiting());
    }

    @Test
    void leavesNothing() {}
  }
}
