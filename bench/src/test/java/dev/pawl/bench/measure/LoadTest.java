package dev.pawl.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoadTest {
  @Test
  void callsOnceForEachIndex() throws Exception {
    Set<Integer> called = ConcurrentHashMap.newKeySet();

    var load = Load.closedLoop(8, 100, called::add);

    assertThat(called).isEqualTo(IntStream.range(0, 100).boxed().collect(Collectors.toSet()));
    assertThat(load.calls()).isEqualTo(100);
    assertThat(load.latencies().getTotalCount()).isEqualTo(100);
    assertThat(load.rate()).isPositive();
  }

  @Test
  void hasNoMoreCallsAtOnceThanCallers() throws Exception {
    var now = new AtomicInteger();
    var most = new AtomicInteger();

    Load.closedLoop(
        3,
        50,
        index -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          now.decrementAndGet();
        });

    assertThat(most.get()).isLessThanOrEqualTo(3);
  }

  @Test
  void startsAllCallsTogether() throws Exception {
    var all = new CountDownLatch(20);

    var load =
        Load.together(
            20,
            index -> {
              all.countDown();
              all.await();
            });

    assertThat(load.latencies().getTotalCount()).isEqualTo(20);
  }

  @Test
  void throwsWhatACallThrewAndBeginsNoOther() {
    var called = new AtomicInteger();

    assertThatThrownBy(() ->
            Load.closedLoop(
                1,
                10,
                index -> {
                  called.incrementAndGet();
                  if (index == 2) {
                    throw new WrongResult("third");
                  }
                }))
        .isInstanceOf(WrongResult.class)
        .hasMessage("third");
    assertThat(called.get()).isEqualTo(3);
  }
}
