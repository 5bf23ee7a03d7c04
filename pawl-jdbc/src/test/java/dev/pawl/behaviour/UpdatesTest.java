package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.pawl.engine.AwaitTimeout;
import dev.pawl.engine.BranchFailed;
import dev.pawl.engine.IllegalStatus;
import dev.pawl.engine.RunFailed;
import dev.pawl.engine.SignalOptions;
import dev.pawl.engine.SignalRefused;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.Store;
import dev.pawl.store.StoreException;
import dev.pawl.testkit.TestEngine;
import dev.pawl.testkit.TestRun;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import dev.pawl.workflow.step.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a sender hears who waits for the answer to a signal.
@Timeout(60)
final class UpdatesTest {
  private static final Signal<String> BOOK = Signal.of("book", String.class);
  private static final Signal<String> CLOSE = Signal.of("close", String.class);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Set<RunStatus> WAITING = Set.of(RunStatus.WAITING);

  record Flight(int seats, List<String> guests) {
    Flight with(String guest) {
      var more = new ArrayList<>(guests);
      more.add(guest);
      return new Flight(seats, more);
    }

    boolean isFull() {
      return guests.size() == seats;
    }

    static void mayBoard(Flight flight, String guest) throws IOException {
      if (flight.guests.contains(guest)) {
        throw new IOException(guest + " is on board");
      }
    }
  }

  @TempDir private Path directory;
  private final Workflow<Flight> flights = flights(Policy.DEFAULT);

  private static Workflow<Flight> flights(Policy policy) {
    var g = Workflow.graph("flight", Flight.class);
    var prepare = g.step("prepare", flight -> flight);
    var board = g.await("board", BOOK, Flight::with).check(Flight::mayBoard).with(policy);
    var full = g.end("full");
    g.start(prepare).path(prepare, board);
    board.when("full", Flight::isFull, full).otherwise(board);
    return g.build();
  }

  private static TestRun<Flight> waiting(TestEngine engine, Workflow<Flight> flights) {
    var run = engine.start(flights, "f", new Flight(3, List.of()));
    engine.settle();
    return run;
  }

  private static List<HistoryRow> received(TestRun<?> run) {
    return run.history(0, 1_000).stream()
        .filter(row -> row.kind() == HistoryRow.Kind.RECEIVED)
        .toList();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areAnsweredWithTheStateThatTheyLedTo(Place place) throws Exception {
    try (var engine = place.inVirtualTime(directory, flights)) {
      var run = waiting(engine, flights);

      assertThat(run.update(BOOK, "a", DAY).guests()).containsExactly("a");
      assertThat(run.update(BOOK, "b", DAY).guests()).containsExactly("a", "b");
      assertThat(run.update(BOOK, "c", DAY).guests()).containsExactly("a", "b", "c");

      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(received(run)).hasSize(3);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areRefusedByTheCheckOfTheWaitAndLeaveNoTrace(Place place) throws Exception {
    try (var engine = place.inVirtualTime(directory, flights)) {
      var run = waiting(engine, flights);
      run.update(BOOK, "a", DAY);
      engine.restart();
      var before = run.history(0, 1_000);

      var refused = catchThrowableOfType(SignalRefused.class, () -> run.update(BOOK, "a", DAY));

      assertThat(refused)
          .hasMessage("run f refuses signal book at board: java.io.IOException: a is on board")
          .hasCauseInstanceOf(IOException.class);
      assertThat(refused.run()).isEqualTo("f");
      assertThat(refused.node()).isEqualTo("board");
      assertThat(refused.signal()).isEqualTo("book");
      engine.settle();
      assertThat(run.history(0, 1_000)).hasSameSizeAs(before);
      assertThat(run.waitingAt()).containsExactly("board");
      assertThat(run.update(BOOK, "b", DAY).guests()).containsExactly("a", "b");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void aloneAreChecked(Place place) {
    try (var engine = place.inVirtualTime(directory, flights)) {
      var run = waiting(engine, flights);

      run.signal(BOOK, "a");
      run.signal(BOOK, "a");
      engine.settle();

      assertThat(run.state().guests()).containsExactly("a", "a");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void waitUntilSomethingWaitsForThem(Place place) throws Exception {
    try (var engine = place.inVirtualTime(directory, flights)) {
      engine.at("prepare").takes(Duration.ofMinutes(2));
      var run = engine.start(flights, "f", new Flight(1, List.of()));

      var state = run.update(BOOK, "a", DAY);

      assertThat(state.guests()).containsExactly("a");
      assertThat(run.path()).containsExactly("prepare", "board", "full");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areNotAcceptedWhenNothingWaitsForThemInTime(Place place) {
    try (var engine = place.inVirtualTime(directory, flights)) {
      engine.at("prepare").takes(Duration.ofMinutes(2));
      var run = engine.start(flights, "f", new Flight(1, List.of()));

      assertThatThrownBy(() -> run.update(BOOK, "a", Duration.ofMinutes(1)))
          .hasMessage("signal book to run f was not accepted: nothing waited for it within PT1M")
          .asInstanceOf(type(AwaitTimeout.class))
          .returns(false, AwaitTimeout::isAccepted);

      engine.advance(DAY);
      assertThat(run.waitingAt()).containsExactly("board");
      assertThat(run.state().guests()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areNotAcceptedWhileTheRunIsPaused(Place place) throws Exception {
    try (var engine = place.inVirtualTime(directory, flights)) {
      var run = waiting(engine, flights);
      run.pause("fog");

      assertThatThrownBy(() -> run.update(BOOK, "a", DAY))
          .isInstanceOf(AwaitTimeout.class)
          .hasMessageContaining("was not accepted");

      run.resume();
      engine.settle();
      assertThat(run.state().guests()).isEmpty();
      assertThat(run.update(BOOK, "a", DAY).guests()).containsExactly("a");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areAcceptedOnceTheRunIsResumed(Place place) throws Exception {
    try (var engine = place.open(directory);
        var senders = Executors.newVirtualThreadPerTaskExecutor()) {
      var run = engine.start(flights, "f", new Flight(2, List.of()));
      run.awaitStatus(WAITING, SOON);
      run.pause("fog");
      var answer = senders.submit(() -> run.update(BOOK, "a", SOON));

      run.resume();

      assertThat(answer.get().guests()).containsExactly("a");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areNotAcceptedByARunThatIsOver(Place place) {
    try (var engine = place.inVirtualTime(directory, flights)) {
      var run = waiting(engine, flights);
      run.cancel("fog");

      assertThatThrownBy(() -> run.update(BOOK, "a", DAY))
          .isInstanceOf(IllegalStatus.class)
          .hasMessage("run f is CANCELLED and cannot be updated");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areToldWhenTheRunEndsBeforeAnythingWaitsForThem(Place place) {
    try (var engine = place.inVirtualTime(directory, flights)) {
      engine
          .at("prepare")
          .takes(Duration.ofMinutes(2))
          .fails(1, () -> new IllegalStateException("no crew"));
      var run = engine.start(flights, "f", new Flight(1, List.of()));

      assertThatThrownBy(() -> run.update(BOOK, "a", DAY))
          .isInstanceOf(IllegalStatus.class)
          .hasMessage("run f is FAILED and cannot be updated");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areToldWhenTheRunFailsAtThem(Place place) {
    var patient = flights(Policy.DEFAULT.retry(Retry.fixed(DAY, 2)));
    try (var engine = place.inVirtualTime(directory, patient)) {
      engine.at("board").fails(2, () -> new IllegalStateException("no pen"));
      var run = waiting(engine, patient);

      assertThatThrownBy(() -> run.update(BOOK, "a", Duration.ofHours(1)))
          .hasMessage(
              "signal book to run f was accepted, but not handled within PT1H; send it again by its"
                  + " id")
          .asInstanceOf(type(AwaitTimeout.class))
          .returns(true, AwaitTimeout::isAccepted);
      assertThatThrownBy(() -> run.update(BOOK, "a", SignalOptions.DEFAULT.id("message 1"), DAY))
          .isInstanceOf(RunFailed.class)
          .hasMessageContaining("run f failed at board after 2 attempts")
          .hasMessageContaining("no pen");

      assertThat(received(run)).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void countOnceAndAreAnsweredAlikeHoweverOftenTheyAreSent(Place place) throws Exception {
    var once = SignalOptions.DEFAULT.id("m-1");
    try (var engine = place.inVirtualTime(directory, flights)) {
      var run = waiting(engine, flights);
      run.update(BOOK, "a", once, DAY);
      run.update(BOOK, "b", DAY);

      assertThat(run.update(BOOK, "a", once, DAY).guests()).containsExactly("a");
      engine.restart();
      run.update(BOOK, "c", DAY);
      assertThat(run.update(BOOK, "a", once, DAY).guests()).containsExactly("a");

      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(run.state().guests()).containsExactly("a", "b", "c");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void waitForTheSignalThatWasSentWithTheirId(Place place) throws Exception {
    var once = SignalOptions.DEFAULT.id("m-1");
    try (var engine = place.inVirtualTime(directory, flights)) {
      engine.at("prepare").takes(Duration.ofMinutes(2));
      var run = engine.start(flights, "f", new Flight(2, List.of()));
      run.signal(BOOK, "a", once);

      assertThat(run.update(BOOK, "a", once, DAY).guests()).containsExactly("a");

      assertThat(received(run)).extracting(HistoryRow::message).containsExactly(Optional.of("m-1"));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areHandledThoughTheProcessDiesBetweenTheirAcceptanceAndTheirUse(Place place)
      throws Exception {
    try (var engine = place.inVirtualTime(directory, flights)) {
      engine.at("board").crashesAfterEffect(1);
      var run = waiting(engine, flights);

      var state = run.update(BOOK, "a", DAY);

      assertThat(state.guests()).containsExactly("a");
      assertThat(run.attempts("board")).isEqualTo(2);
      assertThat(received(run)).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areCheckedAgainstTheStateThatTheyWillMeet(Place place) throws Exception {
    var seats = 5;
    var sold = seatsOnly();
    try (var engine = place.open(directory);
        var senders = Executors.newVirtualThreadPerTaskExecutor()) {
      var run = engine.start(sold, "f", new Flight(seats, List.of()));
      var answers =
          IntStream.range(0, 40)
              .mapToObj(i -> senders.submit(() -> run.update(BOOK, "guest " + i, SOON)))
              .toList();

      var sizes = new ArrayList<Integer>();
      int refused = 0;
      for (var answer : answers) {
        try {
          sizes.add(answer.get().guests().size());
        } catch (ExecutionException e) {
          assertThat(e).hasCauseInstanceOf(SignalRefused.class);
          refused++;
        }
      }

      assertThat(sizes).containsExactlyInAnyOrder(1, 2, 3, 4, 5);
      assertThat(refused).isEqualTo(35);
      assertThat(run.history(0, 1_000))
          .filteredOn(row -> row.kind() == HistoryRow.Kind.RECEIVED)
          .hasSize(seats);
    }
  }

  private static Workflow<Flight> seatsOnly() {
    var g = Workflow.graph("seats", Flight.class);
    var open =
        g.awaitAny(
            "open",
            g.arrival(BOOK, Flight::with)
                .check((flight, guest) -> {
                  if (flight.isFull()) {
                    throw new IllegalStateException("no seat is left");
                  }
                }),
            g.arrival(CLOSE, Flight::with));
    g.start(open);
    open.when("closed", flight -> flight.guests().contains("closed"), g.end()).otherwise(open);
    return g.build();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void endWhenTheirSenderIsInterrupted(Place place) throws Exception {
    try (var engine = place.open(directory);
        var senders = Executors.newVirtualThreadPerTaskExecutor()) {
      var run = engine.start(seatsOnly(), "f", new Flight(2, List.of()));
      run.awaitStatus(WAITING, SOON);
      run.pause("fog");
      List<Throwable> heard = new CopyOnWriteArrayList<>();
      var sender =
          Thread.startVirtualThread(() -> {
            try {
              run.update(BOOK, "a", SOON);
            } catch (InterruptedException e) {
              heard.add(e);
            }
          });

      sender.interrupt();
      sender.join();

      assertThat(heard).hasSize(1);
      run.resume();
      assertThat(run.update(CLOSE, "closed", SOON).guests()).containsExactly("closed");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void endWithTheirEngine(Place place) throws Exception {
    Future<Flight> answer;
    try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
      try (var engine = place.open(directory)) {
        var run = engine.start(seatsOnly(), "f", new Flight(2, List.of()));
        run.awaitStatus(WAITING, SOON);
        run.pause("fog");
        answer = senders.submit(() -> run.update(BOOK, "a", Duration.ofDays(1)));
      }

      assertThatThrownBy(answer::get).hasCauseInstanceOf(StoreException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void leaveTheRunOutOfMemoryWhenItWaits(Place place) throws Exception {
    try (var engine = place.open(directory)) {
      var run = engine.start(seatsOnly(), "f", new Flight(0, List.of()));
      run.awaitStatus(WAITING, SOON);

      assertThatThrownBy(() -> run.update(BOOK, "a", SOON)).isInstanceOf(SignalRefused.class);
      assertThatThrownBy(
              () -> run.update(BOOK, "a", SignalOptions.DEFAULT.correlation("x"), Duration.ZERO))
          .isInstanceOf(SignalRefused.class);

      assertThat(engine.runs(Store.Filter.ALL, Optional.empty(), 10))
          .extracting(row -> row.state().owner())
          .containsExactly(0L);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void reachTheBranchTheyAreMeantForAndShowTheStateOfTheRoot(Place place) throws Exception {
    var item = Workflow.graph("item", String.class);
    var approval =
        item.await("approval", BOOK, name -> name, (name, word) -> name + ":" + word)
            .check((name, word) -> {
              if (word.isEmpty()) {
                throw new IllegalArgumentException("nothing for " + name);
              }
            });
    item.start(approval).path(approval, item.end());
    var g = Workflow.graph("all", Flight.class);
    var each =
        g.map("each", Flight::guests, item.build(), (flight, r) -> new Flight(0, r.values()));
    g.start(each).path(each, g.end());
    var all = g.build();
    try (var engine = place.inVirtualTime(directory, all)) {
      var run = engine.start(all, "f", new Flight(0, List.of("x", "y")));
      engine.settle();
      engine.restart();

      assertThatThrownBy(() -> run.update(BOOK, "", SignalOptions.DEFAULT.correlation("y"), DAY))
          .isInstanceOf(SignalRefused.class)
          .hasMessageContaining("at each/approval")
          .hasMessageContaining("nothing for y");
      assertThat(run.update(BOOK, "1", SignalOptions.DEFAULT.correlation("y"), DAY).guests())
          .containsExactly("x", "y");
      run.update(BOOK, "2", SignalOptions.DEFAULT.correlation("x"), DAY);
      engine.settle();

      assertThat(run.state().guests()).containsExactly("x:2", "y:1");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areToldWhenTheirBranchFailsAndTheRunGoesOn(Place place) throws Exception {
    var g = Workflow.graph("fork", Flight.class);
    var fork = g.step("fork", flight -> flight);
    var left = g.await("left", BOOK, (flight, guest) -> flight);
    var right = g.await("right", CLOSE, Flight::with);
    var join = g.join("join", Join.ANY);
    g.start(fork);
    fork.fork(left, right);
    g.path(left, join).path(right, join).path(join, g.end());
    var forked = g.build();
    try (var engine = place.inVirtualTime(directory, forked)) {
      engine.at("left").fails(1, () -> new IllegalStateException("no pen"));
      var run = waiting(engine, forked);

      assertThatThrownBy(() -> run.update(BOOK, "a", DAY))
          .isInstanceOf(BranchFailed.class)
          .hasMessageContaining("left failed after 1 attempts")
          .hasMessageContaining("no pen");

      assertThat(run.update(CLOSE, "b", DAY)).isEqualTo(new Flight(3, List.of()));
      engine.settle();
      assertThat(run.state().guests()).containsExactly("b");
    }
  }

  sealed interface Parcel {
    record Paid(int total, String note) implements Parcel {}

    record Shipped(String carrier) implements Parcel {}

    record Lost() implements Parcel {}
  }

  private static Workflow<Parcel> parcels() {
    return Workflow.machine("parcel", Parcel.class)
        .update(
            Parcel.Paid.class,
            BOOK,
            (paid, note) -> new Parcel.Paid(paid.total(), paid.note() + note))
        .check(
            Parcel.Paid.class,
            BOOK,
            (paid, note) -> {
              if (paid.note().length() + note.length() > paid.total()) {
                throw new IllegalArgumentException("too long");
              }
            })
        .onSignal(
            Parcel.Paid.class,
            CLOSE,
            Parcel.Shipped.class,
            (paid, carrier, ctx) -> new Parcel.Shipped(carrier))
        .onTimeout(Parcel.Paid.class, DAY, Parcel.Lost.class, (paid, ctx) -> new Parcel.Lost())
        .ends(Parcel.Shipped.class, Parcel.Lost.class)
        .build();
  }

  enum Status {
    OPEN,
    DEPARTED
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void areCheckedInMachinesOverAnEnumToo(Place place) throws Exception {
    var open =
        Workflow.machine(
                "open",
                Flight.class,
                Status.class,
                flight -> flight.isFull() ? Status.DEPARTED : Status.OPEN)
            .onSignal(
                Status.OPEN,
                BOOK,
                (flight, guest, ctx) -> flight.with(guest),
                Status.OPEN,
                Status.DEPARTED)
            .check(Status.OPEN, BOOK, Flight::mayBoard)
            .ends(Status.DEPARTED)
            .build();
    try (var engine = place.inVirtualTime(directory, open)) {
      var run = engine.start(open, "f", new Flight(2, List.of()));

      assertThat(run.update(BOOK, "a", DAY).guests()).containsExactly("a");
      assertThatThrownBy(() -> run.update(BOOK, "a", DAY)).isInstanceOf(SignalRefused.class);
      assertThat(run.update(BOOK, "b", DAY).guests()).containsExactly("a", "b");

      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void changeAMachineWithinItsStatusAndBeyond(Place place) throws Exception {
    var parcels = parcels();
    try (var engine = place.inVirtualTime(directory, parcels)) {
      var run = engine.start(parcels, "p", new Parcel.Paid(2, ""));
      engine.settle();
      engine.restart();

      assertThat(run.update(BOOK, "a", DAY)).isEqualTo(new Parcel.Paid(2, "a"));
      assertThatThrownBy(() -> run.update(BOOK, "bc", DAY))
          .isInstanceOf(SignalRefused.class)
          .hasMessageContaining("at Paid: java.lang.IllegalArgumentException: too long");
      assertThat(run.update(BOOK, "b", DAY)).isEqualTo(new Parcel.Paid(2, "ab"));
      assertThat(run.update(CLOSE, "ups", DAY)).isEqualTo(new Parcel.Shipped("ups"));

      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
    }
  }
}
