package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.IllegalStatus;
import dev.pawl.engine.InboxFull;
import dev.pawl.engine.Limits;
import dev.pawl.engine.SignalOptions;
import dev.pawl.store.HistoryRow;
import dev.pawl.testkit.TestEngine;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Reducer;
import dev.pawl.workflow.step.Retry;
import dev.pawl.workflow.step.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What signals do to runs.
@Timeout(60)
final class SignalsTest {
  private static final Signal<String> WORD = Signal.of("word", String.class);
  private static final Signal<Integer> NUMBER = Signal.of("number", Integer.class);
  private static final Field<Talk, List<String>> HEARD = Field.of(Talk::heard);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Set<RunStatus> WAITING = Set.of(RunStatus.WAITING);

  record Talk(List<String> heard) {
    static final Talk START = new Talk(List.of());

    Talk with(String word) {
      var more = new ArrayList<>(heard);
      more.add(word);
      return new Talk(more);
    }

    boolean isOpen() {
      return heard.size() < 3;
    }
  }

  @TempDir private Path directory;
  private final Workflow<Talk> talk = talk();
  private final Workflow<Parcel> parcels = parcels();

  private static Workflow<Talk> talk() {
    var g = Workflow.graph("talk", Talk.class);
    var listen =
        g.await("listen", WORD, Talk::with).with(Policy.within(DAY).retry(Retry.fixed(DAY, 2)));
    var silent = g.end("silent");
    g.start(listen);
    listen
        .when("more", Talk::isOpen, listen)
        .onTimeout(talk -> talk.with("nothing"), silent)
        .otherwise(g.end("full"));
    return g.build();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void foldTheirPayloadIntoTheState(Place place) {
    try (var engine = place.inVirtualTime(directory, talk)) {
      var run = engine.start(talk, "t", Talk.START);
      engine.settle();

      assertThat(run.status()).isEqualTo(RunStatus.WAITING);
      assertThat(run.waitingAt()).containsExactly("listen");
      for (var word : List.of("a", "b", "c")) {
        run.signal(WORD, word);
      }
      engine.settle();

      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(run.state().heard()).containsExactly("a", "b", "c");
      assertThat(run.path()).containsExactly("listen", "listen", "listen", "full");
      assertThat(run.history(0, 100))
          .filteredOn(row -> row.kind() == HistoryRow.Kind.RECEIVED)
          .extracting(HistoryRow::port)
          .containsExactly("word", "word", "word");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areKeptUntilSomethingWaitsForThem(Place place) {
    var g = Workflow.graph("late", Talk.class);
    var work = g.step("work", talk -> talk.with("worked"));
    var listen = g.await("listen", WORD, Talk::with);
    g.start(work).path(work, listen, g.end());
    var late = g.build();
    try (var engine = place.inVirtualTime(directory, late)) {
      engine.at("work").takes(Duration.ofMinutes(2)).crashesAfterEffect(1);
      var run = engine.start(late, "t", Talk.START);
      run.signal(WORD, "early");
      engine.advance(Duration.ofHours(1));

      assertThat(run.state().heard()).containsExactly("worked", "early");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void countOnceHoweverOftenTheyAreSent(Place place) {
    var once = SignalOptions.DEFAULT.id("m-1");
    try (var engine = place.inVirtualTime(directory, talk)) {
      var run = engine.start(talk, "t", Talk.START);
      engine.settle();

      run.signal(WORD, "a", once);
      run.signal(WORD, "a", once);
      engine.settle();
      engine.restart();
      run.signal(WORD, "a", once);
      run.signal(WORD, "b", SignalOptions.DEFAULT.id("m-2"));
      engine.settle();

      assertThat(run.state().heard()).containsExactly("a", "b");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areNoErrorWhenTheyAreSentAgainToARunThatHasEndedWithThem(Place place) {
    var last = SignalOptions.DEFAULT.id("last");
    try (var engine = place.inVirtualTime(directory, talk)) {
      var run = engine.start(talk, "t", new Talk(List.of("a", "b")));
      run.signal(WORD, "c", last);
      engine.settle();
      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);

      run.signal(WORD, "c", last);

      assertThatThrownBy(() -> run.signal(WORD, "d", SignalOptions.DEFAULT.id("more")))
          .isInstanceOf(IllegalStatus.class);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void reachTheBranchTheyAreMeantFor(Place place) {
    var item = Workflow.graph("item", String.class);
    var approval = item.await("approval", WORD, name -> name, (name, word) -> name + ":" + word);
    item.start(approval).path(approval, item.end());
    var g = Workflow.graph("talk", Talk.class);
    var each = g.map("each", Talk::heard, item.build(), (talk, r) -> new Talk(r.values()));
    g.start(each).path(each, g.end());
    var talks = g.build();
    try (var engine = place.inVirtualTime(directory, talks)) {
      var run = engine.start(talks, "t", new Talk(List.of("x", "y", "z")));
      run.signal(WORD, "z", "1");
      run.signal(WORD, "nobody", "2");
      engine.settle();
      assertThat(run.waitingAt()).containsExactly("each/approval", "each/approval");

      engine.restart();
      run.signal(WORD, "x", "3");
      run.signal(WORD, "y", "4");
      engine.settle();

      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(run.state().heard()).containsExactly("x:3", "y:4", "z:1");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void meetOneWaitEachThoughTwoBranchesWaitForOneName(Place place) {
    var g = Workflow.graph("two", Talk.class);
    var fork = g.step("fork", talk -> talk);
    var left = g.await("left", WORD, (talk, word) -> talk.with("left " + word));
    var right = g.await("right", WORD, (talk, word) -> talk.with("right " + word));
    var join = g.join("join", Join.ALL);
    g.merge(HEARD, Reducer.append());
    g.start(fork);
    fork.fork(left, right);
    g.path(left, join).path(right, join).path(join, g.end());
    var two = g.build();
    try (var engine = place.inVirtualTime(directory, two)) {
      var run = engine.start(two, "t", Talk.START);
      engine.settle();

      run.signal(WORD, "1");
      engine.settle();
      assertThat(run.waitingAt()).containsExactly("right");
      run.signal(WORD, "2");
      engine.settle();

      assertThat(run.state().heard()).containsExactly("left 1", "right 2");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areWaitedForOneOrAll(Place place) {
    var g = Workflow.graph("several", Talk.class);
    var any =
        g.awaitAny(
            "any",
            g.arrival(WORD, Talk::with),
            g.arrival(NUMBER, (talk, number) -> talk.with("any " + number)));
    var all =
        g.awaitAll(
            "all",
            g.arrival(WORD, Talk::with),
            g.arrival(NUMBER, (talk, number) -> talk.with("all " + number)));
    g.start(any).path(any, all, g.end());
    var several = g.build();
    try (var engine = place.inVirtualTime(directory, several)) {
      var run = engine.start(several, "t", Talk.START);
      run.signal(NUMBER, 1);
      run.signal(NUMBER, 2);
      run.signal(NUMBER, 3);
      engine.settle();
      assertThat(run.state().heard()).containsExactly("any 1", "all 2");
      assertThat(run.waitingAt()).containsExactly("all");

      engine.restart();
      run.signal(WORD, "last");
      engine.settle();

      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(run.state().heard()).containsExactly("any 1", "all 2", "last");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areNotWaitedForLongerThanTheVisitMayTake(Place place) {
    try (var engine = place.inVirtualTime(directory, talk)) {
      var run = engine.start(talk, "t", Talk.START);
      engine.advance(DAY.minusSeconds(1));
      run.signal(WORD, "in time");
      engine.advance(DAY.minusSeconds(1));
      assertThat(run.waitingAt()).containsExactly("listen");
      engine.restart();

      engine.advance(Duration.ofSeconds(1));

      assertThat(run.state().heard()).containsExactly("in time", "nothing");
      assertThat(run.path()).containsExactly("listen", "listen", "silent");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areHandledThoughTheProcessDiesBetweenTheirArrivalAndTheirUse(Place place) {
    try (var engine = place.inVirtualTime(directory, talk)) {
      engine.at("listen").fails(1, () -> new IOException("no pen")).crashesAfterEffect(1);
      var run = engine.start(talk, "t", Talk.START);
      engine.settle();

      run.signal(WORD, "a");
      engine.settle();

      assertThat(run.attempts("listen")).isEqualTo(3);
      assertThat(run.state().heard()).containsExactly("a");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areKeptWhileTheRunIsPaused(Place place) {
    try (var engine = place.inVirtualTime(directory, talk)) {
      var run = engine.start(talk, "t", Talk.START);
      engine.settle();
      run.pause("lunch");

      run.signal(WORD, "a");
      run.signal(WORD, "b");
      engine.settle();
      assertThat(run.state().heard()).isEmpty();
      engine.restart();
      run.resume();
      engine.settle();

      assertThat(run.state().heard()).containsExactly("a", "b");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areRefusedWhenNothingWillEverWaitForThem(Place place) {
    try (var engine = place.inVirtualTime(directory, talk)) {
      var run = engine.start(talk, "t", Talk.START);
      engine.settle();

      assertThatThrownBy(() -> run.signal(NUMBER, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("no node of workflow talk waits for signal number; some wait for word");
      assertThatThrownBy(() -> run.signal(Signal.of("word", Integer.class), 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "signal word of workflow talk carries java.lang.String, not java.lang.Integer");
      run.cancel("enough");
      engine.settle();
      assertThatThrownBy(() -> run.signal(WORD, "a"))
          .isInstanceOf(IllegalStatus.class)
          .hasMessageContaining("CANCELLED");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void carrySomething(Place place) {
    try (var engine = place.open(directory)) {
      var run = engine.start(talk, "t", Talk.START);

      assertThatThrownBy(() -> run.signal(WORD, null))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("payload");
      assertThatThrownBy(() -> run.update(WORD, null, Duration.ofSeconds(1)))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("payload");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areRefusedWhenTooManyWaitToBeUsed(Place place) throws Exception {
    try (var engine = place.open(directory, Limits.DEFAULT.messages(2))) {
      var run = engine.start(talk, "t", Talk.START);
      run.pause("lunch");
      run.signal(WORD, "a");
      run.signal(WORD, "b");

      assertThatThrownBy(() -> run.signal(WORD, "c"))
          .isInstanceOf(InboxFull.class)
          .hasMessageContaining("run t has 2 messages");
      run.resume();
      run.awaitStatus(WAITING, Duration.ofSeconds(20));
      run.signal(WORD, "c");

      assertThat(run.await(Duration.ofSeconds(20)).heard()).containsExactly("a", "b", "c");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void completeAStepThatOthersDo(Place place) throws Exception {
    List<String> asked = new CopyOnWriteArrayList<>();
    var g = Workflow.graph("external", Talk.class);
    var ask =
        g.external(
            "ask",
            String.class,
            (talk, ctx) -> {
              asked.add(ctx.idempotencyKey());
              return talk.with("asked");
            },
            Talk::with);
    g.start(ask).path(ask, g.end());
    var external = g.build();
    try (var engine = place.open(directory)) {
      engine.start(external, "t", Talk.START).awaitStatus(WAITING, Duration.ofSeconds(20));
    }
    try (var engine = place.open(directory)) {
      var run =
          place == Place.SQLITE
              ? engine.find(external, "t").orElseThrow()
              : engine.start(external, "t", Talk.START);
      engine.register(external);
      run.awaitStatus(WAITING, Duration.ofSeconds(20));
      var key = asked.getLast();

      assertThatThrownBy(() -> engine.complete(key, 7))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the completion of ask is java.lang.String, not 7");
      assertThatThrownBy(() -> engine.complete("nobody:1", ""))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("nobody:1");
      engine.complete(key, "done");

      assertThat(run.await(Duration.ofSeconds(20)).heard()).containsExactly("asked", "done");
      assertThat(asked).hasSize(place == Place.SQLITE ? 1 : 2);
    }
  }

  sealed interface Parcel {
    record Paid(String note) implements Parcel {}

    record Shipped(String carrier) implements Parcel {}

    record Lost(String why) implements Parcel {}
  }

  private static Workflow<Parcel> parcels() {
    return Workflow.machine("parcel", Parcel.class)
        .update(Parcel.Paid.class, WORD, (paid, word) -> new Parcel.Paid(paid.note() + word))
        .onSignal(
            Parcel.Paid.class,
            NUMBER,
            Parcel.Shipped.class,
            (paid, number, ctx) -> new Parcel.Shipped(paid.note() + number))
        .onTimeout(
            Parcel.Paid.class,
            DAY.multipliedBy(3),
            Parcel.Lost.class,
            (paid, ctx) -> new Parcel.Lost("after three days"))
        .onTimeout(
            Parcel.Paid.class,
            DAY.multipliedBy(2),
            Parcel.Lost.class,
            (paid, ctx) -> new Parcel.Lost("after two days, " + paid.note()))
        .ends(Parcel.Shipped.class, Parcel.Lost.class)
        .build();
  }

  private static void assertLostAfterTwoDays(TestEngine engine, Workflow<Parcel> parcels) {
    var run = engine.start(parcels, "p", new Parcel.Paid(""));
    engine.advance(DAY);
    run.signal(WORD, "a");
    engine.advance(Duration.ofHours(12));
    engine.restart();
    run.signal(WORD, "b");
    engine.advance(Duration.ofHours(12).minusSeconds(1));
    assertThat(run.state()).isEqualTo(new Parcel.Paid("ab"));
    engine.advance(Duration.ofSeconds(1));

    assertThat(run.state()).isEqualTo(new Parcel.Lost("after two days, ab"));
    assertThat(run.path()).containsExactly("start", "Paid", "Lost");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void doNotPutOffTheTimersOfTheStatusThatTheyUpdate(Place place) {
    try (var engine = place.inVirtualTime(directory, parcels)) {
      assertLostAfterTwoDays(engine, parcels);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void leadAMachineToItsNextStatus(Place place) {
    try (var engine = place.inVirtualTime(directory, parcels)) {
      var run = engine.start(parcels, "p", new Parcel.Paid("to "));
      run.signal(NUMBER, 7);
      engine.advance(DAY.multipliedBy(9));

      assertThat(run.state()).isEqualTo(new Parcel.Shipped("to 7"));
    }
  }
}
