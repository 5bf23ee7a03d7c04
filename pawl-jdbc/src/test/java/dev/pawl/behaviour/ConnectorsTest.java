package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.connect.Connection;
import dev.pawl.connect.Connector;
import dev.pawl.connect.Intent;
import dev.pawl.engine.Engine;
import dev.pawl.engine.KeyTaken;
import dev.pawl.engine.Start;
import dev.pawl.engine.StartOptions;
import dev.pawl.engine.Started;
import dev.pawl.jackson.JacksonCodec;
import dev.pawl.jackson.JsonLines;
import dev.pawl.store.RunRow;
import dev.pawl.store.Store;
import dev.pawl.stream.Entry;
import dev.pawl.stream.Event;
import dev.pawl.stream.EventSource;
import dev.pawl.stream.EventStream;
import dev.pawl.stream.Subscription;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Retry;
import dev.pawl.workflow.step.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class ConnectorsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final JacksonCodec CODEC = new JacksonCodec();
  private static final Retry SOON = Retry.fixed(Duration.ofMillis(1), 3);
  private static final Workflow<Trail> MARKING = marking();

  @TempDir private Path directory;

  private static Workflow<Trail> marking() {
    var g = Workflow.graph("marking", Trail.class);
    var a = g.step("a", state -> state.mark("a"));
    g.start(a).path(a, g.end());
    return g.build();
  }

  private static Event event(String id) {
    return new Event("orders", id, id, CODEC.encode(id, String.class), Map.of(), Instant.EPOCH);
  }

  private static EventStream stream(String... ids) {
    var stream = EventStream.inMemory();
    for (var id : ids) {
      stream.append(List.of(event(id)));
    }
    return stream;
  }

  private static EventSource orders(EventStream stream) {
    return stream.open(Subscription.of("orders", "imports"));
  }

  private static Intent start(Event event) {
    return Intent.start(MARKING, event.key(), Trail.EMPTY.mark(event.value(CODEC, String.class)));
  }

  private static List<String> keys(Engine engine) {
    return engine.runs(Store.Filter.ALL, Optional.empty(), 100_000).stream()
        .map(RunRow::key)
        .toList();
  }

  private static void awaitEvents(Connection connection, long count) {
    Awaitility.await().until(() -> connection.status().events() == count);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void startARunForEachEvent(Place place) throws Exception {
    try (var stream = stream("1", "2", "3");
        var engine = place.open(directory);
        var connection =
            Connector.of("imports", () -> orders(stream), ConnectorsTest::start).start(engine)) {
      awaitEvents(connection, 3);
      stream.append(List.of(event("4")));
      awaitEvents(connection, 4);

      assertThat(keys(engine)).containsExactly("1", "2", "3", "4");
      var last = engine.find(MARKING, "4").orElseThrow();
      assertThat(last.await(LIMIT).marks()).containsExactly("4", "a");
      assertThat(connection.status().started()).isEqualTo(4);
      assertThat(connection.status().state()).isEqualTo(Connection.State.RUNNING);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void startNoSecondRunForAnEventThatComesAgain(Place place) throws Exception {
    try (var stream = stream("1", "2", "1", "3", "2");
        var engine = place.open(directory)) {
      var connector = Connector.of("imports", () -> orders(stream), ConnectorsTest::start);
      try (var connection = connector.start(engine)) {
        awaitEvents(connection, 5);
        assertThat(connection.status().started()).isEqualTo(3);
        assertThat(connection.status().known()).isEqualTo(2);
      }
      var again = Subscription.of("orders", "imports").replayAfter("0");
      try (var connection =
          Connector.of("imports", () -> stream.open(again), ConnectorsTest::start).start(engine)) {
        awaitEvents(connection, 5);
      }

      assertThat(keys(engine)).containsExactly("1", "2", "3");
    }
  }

  @Test
  void goOnWhereTheyWereWhenTheEngineIsStartedAgain() throws Exception {
    var taken = new CopyOnWriteArrayList<String>();
    for (int round = 0; round < 2; round++) {
      try (var engine = Place.SQLITE.open(directory)) {
        engine.events().append(List.of(event("a" + round), event("b" + round)));
        var connector =
            Connector.of(
                "imports",
                () -> orders(engine.events()),
                event -> {
                  taken.add(event.id());
                  return start(event);
                });
        try (var connection = connector.start(engine)) {
          awaitEvents(connection, 2);
        }
      }
    }

    assertThat(taken).containsExactly("a0", "b0", "a1", "b1");
  }

  @Test
  void passOverWhatTheIntakeSkips() throws Exception {
    try (var stream = stream("1", "2", "3");
        var engine = Place.MEMORY.open(directory);
        var connection =
            Connector.of(
                    "imports",
                    () -> orders(stream),
                    event -> event.id().equals("2") ? Intent.skip() : start(event))
                .start(engine)) {
      awaitEvents(connection, 3);

      assertThat(keys(engine)).containsExactly("1", "3");
      assertThat(connection.status().skipped()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void tryAnEventAgainWhoseIntakeThrows(Place place) throws Exception {
    var calls = new AtomicInteger();
    try (var stream = stream("1", "2", "3");
        var engine = place.open(directory);
        var connection =
            Connector.of(
                    "imports",
                    () -> orders(stream),
                    event -> {
                      if (event.id().equals("2") && calls.incrementAndGet() < 3) {
                        throw new IOException("not now");
                      }
                      return start(event);
                    })
                .retry(SOON)
                .start(engine)) {
      awaitEvents(connection, 3);

      assertThat(keys(engine)).containsExactly("1", "2", "3");
    }
  }

  @Test
  void stopAtAnEventThatFailsTooOftenAndSayWhy() throws Exception {
    try (var stream = stream("1", "2", "3");
        var engine = Place.SQLITE.open(directory)) {
      var connector =
          Connector.of(
                  "imports",
                  () -> orders(stream),
                  event -> {
                    if (event.id().equals("2")) {
                      throw new IOException("never");
                    }
                    return start(event);
                  })
              .retry(SOON);
      try (var connection = connector.start(engine)) {
        var status = connection.await(LIMIT);

        assertThat(status.state()).isEqualTo(Connection.State.STOPPED);
        assertThat(status.error()).contains("java.io.IOException: never");
        assertThat(keys(engine)).containsExactly("1");
      }
      try (var connection =
          Connector.of("imports", () -> orders(stream), ConnectorsTest::start).start(engine)) {
        awaitEvents(connection, 2);
        assertThat(keys(engine)).containsExactly("1", "2", "3");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void handOverWhatFailsAndGoOn(Place place) throws Exception {
    var failed = new ArrayList<String>();
    try (var stream = stream("1", "2", "3");
        var engine = place.open(directory)) {
      engine.start(waiting(), "2", Trail.EMPTY);
      var connector =
          Connector.of(
                  "imports",
                  () -> orders(stream),
                  event -> Intent.start(waiting(), event.key(), Trail.EMPTY))
              .retry(SOON)
              .onFailure((entry, error) -> failed.add(entry.event().id() + " " + error.getClass()));
      try (var connection = connector.start(engine)) {
        awaitEvents(connection, 3);

        assertThat(connection.status().failed()).isEqualTo(1);
        assertThat(failed).containsExactly("2 " + KeyTaken.class);
        assertThat(keys(engine)).containsExactly("2", "1", "3");
      }
    }
  }

  private static final Workflow<Trail> WAITING = forADay();

  private static Workflow<Trail> waiting() {
    return WAITING;
  }

  private static Workflow<Trail> forADay() {
    var g = Workflow.graph("waiting", Trail.class);
    var wait = g.delay("wait", state -> Instant.parse("2200-01-01T00:00:00Z"));
    g.start(wait).path(wait, g.end());
    return g.build();
  }

  @Test
  void openASourceAgainThatCannotBeRead() throws Exception {
    var opened = new AtomicInteger();
    try (var stream = stream("1");
        var engine = Place.MEMORY.open(directory);
        var connection =
            Connector.of(
                    "imports",
                    () -> {
                      if (opened.incrementAndGet() == 1) {
                        throw new IllegalStateException("not there yet");
                      }
                      return orders(stream);
                    },
                    ConnectorsTest::start)
                .start(engine)) {
      awaitEvents(connection, 1);

      assertThat(opened).hasValue(2);
    }
  }

  @Test
  void goOnWhateverTheirSourceOrTheirIntakeThrows() throws Exception {
    var reads = new AtomicInteger();
    var takes = new AtomicInteger();
    try (var stream = stream("1", "2");
        var engine = Place.MEMORY.open(directory);
        var connection =
            Connector.of(
                    "imports",
                    () -> new Throwing(orders(stream), reads),
                    event -> {
                      switch (takes.incrementAndGet()) {
                        case 1 -> throw new StackOverflowError("deep");
                        case 2 -> throw new InterruptedException("by itself");
                        case 3 -> throw new TimeoutException("too slow");
                        default -> {
                          return start(event);
                        }
                      }
                    })
                .retry(Retry.fixed(Duration.ofMillis(1), 5))
                .start(engine)) {
      awaitEvents(connection, 2);

      assertThat(keys(engine)).containsExactly("1", "2");
      assertThat(connection.status().state()).isEqualTo(Connection.State.RUNNING);
    }
  }

  /// A source that throws what it should not, the first times it is read.
  private record Throwing(EventSource source, AtomicInteger reads) implements EventSource {
    @Override
    public List<Entry> next(int limit, Duration wait) throws InterruptedException {
      switch (reads.incrementAndGet()) {
        case 1 -> throw new StackOverflowError("deep");
        case 2 -> throw new InterruptedException("by itself");
        default -> {
          return source.next(limit, wait);
        }
      }
    }

    @Override
    public void acknowledge(Entry last) {
      source.acknowledge(last);
    }

    @Override
    public void close() {
      source.close();
    }
  }

  @Test
  void startWhatWasNotAcknowledgedOnceThoughItComesAgain() throws Exception {
    try (var stream = stream("1", "2", "3");
        var engine = Place.SQLITE.open(directory)) {
      for (int round = 0; round < 3; round++) {
        var connector =
            Connector.of("imports", () -> new Forgetful(orders(stream)), ConnectorsTest::start);
        try (var connection = connector.start(engine)) {
          awaitEvents(connection, 3);
        }
      }

      assertThat(keys(engine)).containsExactly("1", "2", "3");
    }
  }

  /// A source whose acknowledgements are lost.
  private record Forgetful(EventSource source) implements EventSource {
    @Override
    public List<Entry> next(int limit, Duration wait) throws InterruptedException {
      return source.next(limit, wait);
    }

    @Override
    public void acknowledge(Entry last) {
      throw new IllegalStateException("lost");
    }

    @Override
    public void close() {
      source.close();
    }
  }

  private static final Signal<String> WORD = Signal.of("word", String.class);

  private static Workflow<Trail> talking() {
    var g = Workflow.graph("talking", Trail.class);
    var one = g.await("one", WORD, Trail::mark);
    var two = g.await("two", WORD, Trail::mark);
    g.start(one).path(one, two, g.end());
    return g.build();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void signalRunsOnceByTheIdOfTheEvent(Place place) throws Exception {
    var talking = talking();
    var failed = new CopyOnWriteArrayList<String>();
    try (var stream = stream("start", "a", "a", "nobody", "start", "b");
        var engine = place.open(directory);
        var connection =
            Connector.of(
                    "words",
                    () -> orders(stream),
                    event ->
                        switch (event.id()) {
                          case "start" -> Intent.start(talking, "k", Trail.EMPTY);
                          case "nobody" -> Intent.signal(talking, "unknown", WORD, "x");
                          default -> Intent.signal(talking, "k", WORD, event.id());
                        })
                .retry(SOON)
                .onFailure((entry, error) -> failed.add(entry.event().id()))
                .start(engine)) {
      awaitEvents(connection, 6);

      assertThat(engine.find(talking, "k").orElseThrow().await(LIMIT).marks())
          .containsExactly("a", "b");
      assertThat(connection.status().signalled()).isEqualTo(3);
      assertThat(connection.status().started()).isEqualTo(1);
      assertThat(failed).containsExactly("nobody");
    }
  }

  private Path lines(String... lines) throws IOException {
    return Files.write(directory.resolve("orders.jsonl"), List.of(lines));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void readAFileOfLinesToItsEnd(Place place) throws Exception {
    var file =
        lines(
            "{\"order\": \"o-1\", \"customer\": {\"order\": \"no\"}, \"n\": 7}",
            "",
            "{\"n\": 8, \"order\": 12}",
            "  ",
            "{\"n\": 9}");
    var source = JsonLines.of(file).id("order").key("n");
    try (var engine = place.open(directory);
        var connection =
            Connector.of(
                    "imports",
                    () -> source.open(engine.log(), "imports"),
                    event ->
                        Intent.start(
                            MARKING,
                            event.key(),
                            Trail.EMPTY.mark(event.id() + "/" + event.value(CODEC, Map.class))))
                .start(engine)) {
      var status = connection.await(LIMIT);

      assertThat(status.state()).isEqualTo(Connection.State.ENDED);
      assertThat(status.started()).isEqualTo(3);
      assertThat(keys(engine)).containsExactly("7", "8", "9");
      assertThat(engine.find(MARKING, "8").orElseThrow().await(LIMIT).marks().getFirst())
          .isEqualTo("12/{n=8, order=12}");
      assertThat(engine.find(MARKING, "9").orElseThrow().await(LIMIT).marks().getFirst())
          .isEqualTo("80/{n=9}");
    }
  }

  @Test
  void goOnInAFileThatHasGrown() throws Exception {
    var file = lines("\"1\"", "\"2\"");
    var ids = new CopyOnWriteArrayList<Object>();
    for (int round = 0; round < 2; round++) {
      try (var engine = Place.SQLITE.open(directory);
          var connection =
              Connector.of(
                      "imports",
                      () -> JsonLines.of(file).open(engine.log(), "imports"),
                      event -> {
                        ids.add(event.value(CODEC, String.class));
                        return Intent.start(MARKING, event.id(), Trail.EMPTY);
                      })
                  .start(engine)) {
        connection.await(LIMIT);
      }
      Files.writeString(file, "\"3\"\n\"4\"", StandardOpenOption.APPEND);
    }

    assertThat(ids).containsExactly("1", "2", "3", "4");
  }

  @Test
  void failAtALineThatIsNoJsonOrTooLong() throws Exception {
    var file = lines("\"1\"", "{broken", "\"3\"", "\"" + "x".repeat(100) + "\"", "\"5\"");
    var failed = new CopyOnWriteArrayList<String>();
    try (var engine = Place.MEMORY.open(directory);
        var connection =
            Connector.of(
                    "imports",
                    () -> JsonLines.of(file).longest(50).open(engine.log(), "imports"),
                    event -> Intent.start(MARKING, event.value(CODEC, String.class), Trail.EMPTY))
                .retry(SOON)
                .onFailure((entry, error) -> failed.add(entry.event().id()))
                .start(engine)) {
      var status = connection.await(LIMIT);

      assertThat(status.failed()).isEqualTo(2);
      assertThat(failed).containsExactly("4", "16");
      assertThat(keys(engine)).containsExactly("1", "3", "5");
    }
  }

  @Test
  void refuseAFileThatIsShorterThanWhatWasReadOfIt() throws Exception {
    var file = lines("\"1\"", "\"2\"");
    try (var engine = Place.MEMORY.open(directory)) {
      var source = JsonLines.of(file).open(engine.log(), "imports");
      source.acknowledge(source.next(10, LIMIT).getLast());
      source.close();
      lines("\"9\"");

      assertThatThrownBy(() -> JsonLines.of(file).open(engine.log(), "imports"))
          .hasMessageContaining("shorter");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void manyRunsAreStartedTogetherAndSayWhatBecameOfThem(Place place) throws Exception {
    try (var engine = place.open(directory)) {
      var holder = engine.start(WAITING, "taken", Trail.EMPTY);
      var once = StartOptions.DEFAULT.request("r-1");
      var starts = new ArrayList<Start<?>>();
      IntStream.range(0, 1_200).forEach(i -> starts.add(Start.of(MARKING, "k-" + i, Trail.EMPTY)));
      starts.add(Start.of(WAITING, "taken", Trail.EMPTY));
      starts.add(
          Start.of(WAITING, "taken", Trail.EMPTY)
              .with(StartOptions.DEFAULT.taken(StartOptions.Taken.ATTACH)));
      starts.add(Start.of(MARKING, "first", Trail.EMPTY).with(once));
      starts.add(Start.of(MARKING, "second", Trail.EMPTY).with(once));

      var started = engine.startAll(starts);

      assertThat(started.subList(0, 1_200)).hasOnlyElementsOfType(Started.Fresh.class);
      assertThat(started.get(1_200)).isInstanceOf(Started.Refused.class);
      assertThat(started.get(1_201)).isEqualTo(new Started.Known(holder.id()));
      assertThat(started.get(1_202)).isInstanceOf(Started.Fresh.class);
      assertThat(started.get(1_203))
          .isEqualTo(new Started.Known(((Started.Fresh) started.get(1_202)).run()));
      Awaitility.await()
          .until(
              () -> engine.counts(Store.Filter.ALL).getOrDefault(RunStatus.COMPLETED, 0L) == 1_201);
    }
  }

  @Test
  void waitWhileTooManyRunsAreInMemory() throws Exception {
    var gate = new CountDownLatch(1);
    var g = Workflow.graph("gated", Trail.class);
    var a =
        g.step(
            "a",
            state -> {
              gate.await();
              return state;
            });
    g.start(a).path(a, g.end());
    var gated = g.build();
    try (var stream = EventStream.inMemory();
        var engine = Place.MEMORY.open(directory)) {
      stream.append(IntStream.range(0, 12_000).mapToObj(i -> event("" + i)).toList());
      try (var connection =
          Connector.of(
                  "imports",
                  () -> orders(stream),
                  event -> Intent.start(gated, event.key(), Trail.EMPTY))
              .start(engine)) {
        Awaitility.await().until(() -> connection.status().started() >= 10_000);
        assertThat(connection.status().started()).isLessThanOrEqualTo(10_500);

        gate.countDown();

        awaitEvents(connection, 12_000);
      }
    }
  }
}
