package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.Engine;
import dev.pawl.engine.RunFailed;
import dev.pawl.engine.StartOptions;
import dev.pawl.engine.turns.Turns;
import dev.pawl.jackson.JacksonCodec;
import dev.pawl.jdbc.SqliteStore;
import dev.pawl.store.EventLog;
import dev.pawl.store.EventRow;
import dev.pawl.store.StoreException;
import dev.pawl.stream.Entry;
import dev.pawl.stream.Event;
import dev.pawl.stream.EventSource;
import dev.pawl.stream.EventStream;
import dev.pawl.stream.Subscription;
import dev.pawl.testkit.TestEngine;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class PublishingTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final JacksonCodec CODEC = new JacksonCodec();

  @TempDir private Path directory;

  /// Something that a step says.
  record Shipped(String order, int parcels) {}

  private static Workflow<Trail> shipping() {
    var g = Workflow.graph("shipping", Trail.class);
    var ship =
        g.step(
            "ship",
            (state, ctx) -> {
              ctx.publish("shipped", new Shipped(ctx.key(), 2));
              ctx.publish("billing", "customer-7", "bill " + ctx.key());
              return state.mark("shipped");
            });
    g.start(ship).path(ship, g.end());
    return g.build();
  }

  /// Publishes, and fails so often.
  private static Workflow<Trail> failing(int failures, int attempts) {
    var g = Workflow.graph("failing", Trail.class);
    var ship =
        g.step(
                "ship",
                (state, ctx) -> {
                  ctx.publish("shipped", "attempt " + ctx.attempt());
                  if (ctx.attempt() <= failures) {
                    throw new IOException("down");
                  }
                  return state;
                })
            .with(Policy.DEFAULT.retry(Retry.fixed(Duration.ofMillis(1), attempts)));
    ship.onError(IOException.class, (state, e) -> state, g.end("failed"));
    g.start(ship).path(ship, g.end("shipped"));
    return g.build();
  }

  /// Publishes its numbers one after the other.
  private static Workflow<Trail> counting(int count) {
    var g = Workflow.graph("counting", Trail.class);
    var say =
        g.step(
            "say",
            (state, ctx) -> {
              ctx.publish("numbers", "" + state.marks().size());
              return state.mark("x");
            });
    g.start(say);
    say.when("more", state -> state.marks().size() < count, say).otherwise(g.end());
    return g.build();
  }

  private static List<Event> read(EventSource source, int count) throws InterruptedException {
    var events = new ArrayList<Event>();
    while (events.size() < count) {
      var page = source.next(count - events.size(), LIMIT);
      assertThat(page).as("after %s", events).isNotEmpty();
      page.stream().map(Entry::event).forEach(events::add);
    }
    return events;
  }

  private static List<Object> values(List<Event> events) {
    return events.stream().map(event -> (Object) event.value(CODEC, String.class)).toList();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void givesEventsToTheStreamOfTheStore(Place place) throws Exception {
    try (var engine = place.open(directory)) {
      var options = StartOptions.DEFAULT.headers(Map.of("tenant", "acme"));

      var run = engine.start(shipping(), "o-1", Trail.EMPTY, options);
      run.await(LIMIT);

      var shipped = read(engine.events().open(Subscription.of("shipped", "test")), 1).getFirst();
      assertThat(shipped.value(CODEC, Shipped.class)).isEqualTo(new Shipped("o-1", 2));
      assertThat(shipped.key()).isEqualTo("o-1");
      assertThat(shipped.headers()).isEqualTo(Map.of("tenant", "acme"));
      assertThat(shipped.id()).isEqualTo(run.id() + "::ship:1#0");
      var bill = read(engine.events().open(Subscription.of("billing", "test")), 1).getFirst();
      assertThat(bill.key()).isEqualTo("customer-7");
      assertThat(bill.value(CODEC, String.class)).isEqualTo("bill o-1");
      assertThat(engine.outbox().events(0, 10)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void publishesNothingOfAnAttemptThatFailed(Place place) throws Exception {
    try (var engine = place.open(directory)) {
      engine.start(failing(2, 3), "k", Trail.EMPTY).await(LIMIT);

      var source = engine.events().open(Subscription.of("shipped", "test"));
      assertThat(values(read(source, 1))).containsExactly("attempt 3");
      assertThat(source.next(1, Duration.ZERO)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void publishesNothingOfAStepThatLeavesByAnErrorEdge(Place place) throws Exception {
    try (var engine = place.open(directory)) {
      engine.start(failing(2, 2), "k", Trail.EMPTY).await(LIMIT);

      var source = engine.events().open(Subscription.of("shipped", "test"));
      assertThat(source.next(1, Duration.ZERO)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void keepsTheOrderOfAKeyOverItsRuns(Place place) throws Exception {
    var counting = counting(50);
    try (var engine = place.open(directory)) {
      var source = engine.events().open(Subscription.of("numbers", "test"));

      engine.start(counting, "k", Trail.EMPTY).await(LIMIT);
      engine.start(counting, "k", Trail.EMPTY).await(LIMIT);

      var numbers = IntStream.range(0, 50).mapToObj(i -> (Object) ("" + i)).toList();
      var twice = new ArrayList<>(numbers);
      twice.addAll(numbers);
      assertThat(values(read(source, 100))).isEqualTo(twice);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void sendsToAnotherStreamAndEmptiesTheOutbox(Place place) throws Exception {
    try (var stream = EventStream.inMemory();
        var engine = place.builder(directory).publishTo(stream).start()) {
      engine.start(counting(50), "k", Trail.EMPTY).await(LIMIT);

      var source = stream.open(Subscription.of("numbers", "test"));
      assertThat(values(read(source, 50)))
          .isEqualTo(IntStream.range(0, 50).mapToObj(i -> (Object) ("" + i)).toList());
      Awaitility.await().until(() -> engine.outbox().events(0, 10).isEmpty());
      assertThat(engine.log().read("numbers", 0, 10)).isEmpty();
    }
  }

  @Test
  void sendsAfterARestartWhatTheStreamDidNotTakeBefore() throws Exception {
    var away = new Moody(EventStream.inMemory());
    away.away = true;
    try (var engine = Place.SQLITE.builder(directory).publishTo(away).start()) {
      engine.start(counting(5), "k", Trail.EMPTY).await(LIMIT);
      assertThat(engine.outbox().events(0, 10)).hasSize(5);
    }

    away.away = false;
    try (var engine = Place.SQLITE.builder(directory).publishTo(away).start()) {
      var source = away.open(Subscription.of("numbers", "test"));

      assertThat(values(read(source, 5))).containsExactly("0", "1", "2", "3", "4");
      Awaitility.await().until(() -> engine.outbox().events(0, 10).isEmpty());
    }
  }

  @Test
  void keepsTheStreamOfTheStoreOverARestart() throws Exception {
    try (var engine = Place.SQLITE.open(directory)) {
      engine.start(counting(3), "k", Trail.EMPTY).await(LIMIT);
      var source = engine.events().open(Subscription.of("numbers", "test"));
      source.acknowledge(source.next(1, LIMIT).getFirst());
    }

    try (var engine = Place.SQLITE.open(directory)) {
      var source = engine.events().open(Subscription.of("numbers", "test"));

      assertThat(values(read(source, 2))).containsExactly("1", "2");
    }
  }

  @Test
  void showsTheLogToOthersBesideTheEngine() throws Exception {
    try (var engine = Place.SQLITE.open(directory);
        var store = SqliteStore.openToRead(directory.resolve("pawl.db"))) {
      engine.start(counting(2), "k", Trail.EMPTY).await(LIMIT);

      assertThat(store.log().read("numbers", 0, 10)).hasSize(2);
      assertThatThrownBy(() -> store.log().advance("numbers", "c", "0/1", 1))
          .isInstanceOf(StoreException.class);
    }
  }

  @Test
  void takesEventsOfOthersIntoItsLogBesideTheEngine() throws Exception {
    try (var engine = Place.SQLITE.open(directory);
        var store = SqliteStore.open(directory.resolve("pawl.db"));
        var other = EventStream.over(store.log(), Turns.system())) {
      EventLog log = engine.log();
      var event = new Event("t", "1", "k", CODEC.encode("x", String.class), Map.of(), now());

      other.append(List.of(event));
      log.append(List.of(new EventRow(0, "t", "2", "k", event.payload(), Map.of(), now())));

      assertThat(log.read("t", 0, 10)).extracting(EventRow::id).containsExactly("1", "2");
    }
  }

  private static Instant now() {
    return Instant.parse("2026-01-01T00:00:00Z");
  }

  @Test
  void refusesToPublishInline() {
    assertThatThrownBy(() -> Engine.inline().run(shipping(), Trail.EMPTY))
        .isInstanceOf(RunFailed.class)
        .hasRootCauseInstanceOf(UnsupportedOperationException.class);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void refusesMoreThanAThousandEventsInAnAttempt(Place place) throws Exception {
    var g = Workflow.graph("loud", Trail.class);
    var say =
        g.step(
            "say",
            (state, ctx) -> {
              for (int i = 0; i <= state.marks().size(); i++) {
                ctx.publish("numbers", "" + i);
              }
              return state;
            });
    g.start(say).path(say, g.end());
    var loud = g.build();
    var most = new Trail(0, IntStream.range(0, 999).mapToObj(i -> "x").toList());
    try (var engine = place.open(directory)) {
      engine.start(loud, "most", most).await(LIMIT);
      var tooMany = engine.start(loud, "too many", most.mark("x"));

      assertThatThrownBy(() -> tooMany.await(LIMIT)).hasMessageContaining("1000 events");
      assertThat(engine.log().read("numbers", 0, 2_000)).hasSize(1_000);
    }
  }

  @Test
  void goesOnWithOtherKeysWhenTheStreamRefusesOneAndParksItInTheEnd() throws Exception {
    var stream = new Moody(EventStream.inMemory());
    stream.refused.add("bad");
    var counting = counting(3);
    try (var engine = TestEngine.builder(counting).setup(each -> each.publishTo(stream)).start()) {
      engine.start(counting, "bad", Trail.EMPTY).await(LIMIT);
      for (int i = 0; i < 40; i++) {
        engine.start(counting, "good-" + i, Trail.EMPTY).await(LIMIT);
        engine.advance(Duration.ofSeconds(30));
      }

      assertThat(stream.taken).hasSize(120).noneMatch(key -> key.equals("bad"));
      var outbox = engine.outbox();
      assertThat(outbox.parked(0, 10)).isNotEmpty().allMatch(row -> row.key().equals("bad"));
      assertThat(outbox.parked(0, 10).getFirst().parked().orElseThrow()).contains("refused");

      stream.refused.clear();
      outbox.parked(0, 10).forEach(row -> outbox.retry(row.number()));
      engine.advance(Duration.ofMinutes(2));

      assertThat(stream.taken.stream().filter(key -> key.equals("bad"))).hasSize(3);
      assertThat(outbox.parked(0, 10)).isEmpty();
      assertThat(outbox.events(0, 10)).isEmpty();
    }
  }

  @Test
  void waitsForAStreamThatIsAwayAndParksNothing() throws Exception {
    var stream = new Moody(EventStream.inMemory());
    stream.away = true;
    var counting = counting(10);
    try (var engine = TestEngine.builder(counting).setup(each -> each.publishTo(stream)).start()) {
      engine.start(counting, "k", Trail.EMPTY).await(LIMIT);
      engine.advance(Duration.ofDays(1));
      assertThat(engine.outbox().parked(0, 10)).isEmpty();
      assertThat(engine.outbox().events(0, 20)).hasSize(10);

      stream.away = false;
      engine.advance(Duration.ofMinutes(1));

      assertThat(stream.taken).hasSize(10);
      assertThat(engine.outbox().events(0, 10)).isEmpty();
    }
  }

  /// A stream that is away, or refuses keys.
  private static final class Moody implements EventStream {
    private final EventStream stream;
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private volatile boolean away;

    Moody(EventStream stream) {
      this.stream = stream;
    }

    @Override
    public void append(List<Event> events) {
      if (away) {
        throw new StoreException(StoreException.Kind.UNAVAILABLE, "the stream is away");
      }
      for (var event : events) {
        if (refused.contains(event.key())) {
          throw new IllegalArgumentException("key " + event.key() + " is refused");
        }
      }
      stream.append(events);
      events.forEach(event -> taken.add(event.key()));
    }

    @Override
    public EventSource open(Subscription subscription) {
      return stream.open(subscription);
    }

    @Override
    public void close() {
      stream.close();
    }
  }
}
