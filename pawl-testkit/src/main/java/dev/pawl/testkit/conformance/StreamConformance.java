package dev.pawl.testkit.conformance;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.store.Encoded;
import dev.pawl.store.StoreException;
import dev.pawl.stream.Entry;
import dev.pawl.stream.Event;
import dev.pawl.stream.EventSource;
import dev.pawl.stream.EventStream;
import dev.pawl.stream.Subscription;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every stream has to do. A test of a stream extends this class, or
/// [DurableStreamConformance] if what the stream keeps outlives the process.
public abstract class StreamConformance {
  static final String TOPIC = "orders";
  static final Duration LONG = Duration.ofSeconds(30);
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00.123456Z");
  private static final int MANY = 2_000;

  private EventStream stream;

  /// For subclasses.
  protected StreamConformance() {}

  /// Opens the stream; each test begins with an empty one, and the suite closes it.
  protected abstract EventStream open();

  @BeforeEach
  final void begin() {
    stream = open();
  }

  @AfterEach
  final void end() {
    stream.close();
  }

  final EventStream stream() {
    return stream;
  }

  /// Goes on with another.
  final void replace(EventStream other) {
    stream = other;
  }

  static Event event(String topic, String id, String key) {
    var payload = new Encoded.Bytes(id.getBytes(StandardCharsets.UTF_8));
    return new Event(topic, id, key, payload, Map.of(), NOW);
  }

  final void append(String... ids) {
    for (var id : ids) {
      stream.append(List.of(event(TOPIC, id, "key")));
    }
  }

  static List<String> ids(List<Entry> entries) {
    return entries.stream().map(entry -> entry.event().id()).toList();
  }

  /// Reads so many, waiting for each page.
  static List<Entry> read(EventSource source, int count) throws InterruptedException {
    var all = new ArrayList<Entry>();
    while (all.size() < count) {
      var page = source.next(count - all.size(), LONG);
      assertThat(page).as("after %s of %s", all.size(), count).isNotEmpty();
      all.addAll(page);
    }
    return all;
  }

  static void assertNothingMore(EventSource source) throws InterruptedException {
    assertThat(ids(source.next(10, Duration.ZERO))).isEmpty();
  }

  private EventSource earliest(String consumer) {
    return stream.open(Subscription.of(TOPIC, consumer));
  }

  private EventSource latest(String consumer) {
    return stream.open(Subscription.of(TOPIC, consumer).fromLatest());
  }

  @Test
  final void givesEventsInTheOrderInWhichTheyWereAppended() throws InterruptedException {
    append("1", "2", "3");

    var source = earliest("reader");

    assertThat(ids(read(source, 3))).containsExactly("1", "2", "3");
    assertNothingMore(source);
  }

  @Test
  final void givesEventsOfOneCallInTheirOrder() throws InterruptedException {
    stream.append(IntStream.range(0, MANY).mapToObj(i -> event(TOPIC, "" + i, "key")).toList());

    var read = read(earliest("reader"), MANY);

    assertThat(ids(read)).isEqualTo(IntStream.range(0, MANY).mapToObj(i -> "" + i).toList());
  }

  @Test
  final void givesAnEventAsItWas() throws InterruptedException {
    var payload = new Encoded.Bytes(new byte[] {0, -1, 34, 92, 10});
    var headers = Map.of("tenant", "Ωmega", "a\tb", "line\nline\r\\", "empty", "");
    var sent = new Event("τόπος 🜁", "id-𝄞", "ключ/1|2", payload, headers, NOW);
    stream.append(List.of(sent));

    var source = stream.open(Subscription.of("τόπος 🜁", "読者"));
    var got = read(source, 1).getFirst().event();

    assertThat(got).usingRecursiveComparison().isEqualTo(sent);
  }

  @Test
  final void appendsNothingWhereThereIsNothing() throws InterruptedException {
    stream.append(List.of());

    assertNothingMore(earliest("reader"));
  }

  @Test
  final void givesNoMoreThanItWasAskedFor() throws InterruptedException {
    append("1", "2", "3");
    var source = earliest("reader");

    assertThat(ids(source.next(2, LONG))).containsExactly("1", "2");
    assertThat(ids(source.next(2, LONG))).containsExactly("3");
  }

  @Test
  final void givesAgainWhatWasNotAcknowledged() throws InterruptedException {
    append("1", "2", "3");
    try (var first = earliest("reader")) {
      var read = read(first, 3);
      first.acknowledge(read.getFirst());
    }

    try (var second = earliest("reader")) {
      assertThat(ids(read(second, 2))).containsExactly("2", "3");
      assertNothingMore(second);
    }
  }

  @Test
  final void givesNothingAgainThatWasAcknowledged() throws InterruptedException {
    append("1", "2");
    try (var first = earliest("reader")) {
      first.acknowledge(read(first, 2).getLast());
    }

    try (var second = earliest("reader")) {
      assertNothingMore(second);
      append("3");
      assertThat(ids(read(second, 1))).containsExactly("3");
    }
  }

  @Test
  final void doesNotGoBackWhenAnEarlierEntryIsAcknowledged() throws InterruptedException {
    append("1", "2", "3");
    try (var first = earliest("reader")) {
      var read = read(first, 3);
      first.acknowledge(read.get(1));
      first.acknowledge(read.get(0));
    }

    try (var second = earliest("reader")) {
      assertThat(ids(read(second, 1))).containsExactly("3");
    }
  }

  @Test
  final void keepsTheCursorsOfConsumersApart() throws InterruptedException {
    append("1", "2");
    var one = earliest("one");
    var other = earliest("other");

    one.acknowledge(read(one, 2).getLast());

    assertThat(ids(read(other, 2))).containsExactly("1", "2");
    other.close();
    assertThat(ids(read(earliest("other"), 2))).containsExactly("1", "2");
  }

  @Test
  final void keepsTopicsApart() throws InterruptedException {
    stream.append(List.of(event("orders", "1", "key"), event("bills", "2", "key")));
    stream.append(List.of(event("orders", "3", "key")));

    var orders = stream.open(Subscription.of("orders", "reader"));
    var bills = stream.open(Subscription.of("bills", "reader"));
    var read = read(orders, 2);
    orders.acknowledge(read.getLast());

    assertThat(ids(read)).containsExactly("1", "3");
    assertThat(ids(read(bills, 1))).containsExactly("2");
    assertNothingMore(bills);
    bills.close();
    assertThat(ids(read(stream.open(Subscription.of("bills", "reader")), 1))).containsExactly("2");
  }

  @Test
  final void beginsAtTheLatestWithWhatIsAppendedAfterItWasOpened() throws InterruptedException {
    append("before");

    var source = latest("reader");
    append("after");

    assertThat(ids(read(source, 1))).containsExactly("after");
  }

  @Test
  final void goesOnAtItsCursorThoughItAsksForTheLatest() throws InterruptedException {
    try (var first = latest("reader")) {
      append("1");
      first.acknowledge(read(first, 1).getFirst());
    }
    append("while it was away");

    var second = latest("reader");

    assertThat(ids(read(second, 1))).containsExactly("while it was away");
  }

  @Test
  final void missesNothingFromItsFirstOpeningOnThoughItNeverAcknowledged()
      throws InterruptedException {
    latest("reader").close();
    append("while it was away");

    var second = latest("reader");

    assertThat(ids(read(second, 1))).containsExactly("while it was away");
  }

  @Test
  final void givesOnceMoreWhatLiesBehindAPosition() throws InterruptedException {
    append("1", "2", "3");
    List<Entry> read;
    try (var first = earliest("reader")) {
      read = read(first, 3);
      first.acknowledge(read.getLast());
    }

    var replay = Subscription.of(TOPIC, "reader").replayAfter(read.getFirst().position());
    try (var second = stream.open(replay)) {
      assertThat(ids(read(second, 2))).containsExactly("2", "3");
    }

    try (var third = earliest("reader")) {
      assertThat(ids(read(third, 2))).as("the cursor is there, too").containsExactly("2", "3");
    }
  }

  @Test
  final void refusesAPositionThatIsNone() {
    var replay = Subscription.of(TOPIC, "reader").replayAfter("nowhere");

    assertThatThrownBy(() -> stream.open(replay)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  final void waitsForTheNextEvent() throws InterruptedException {
    var source = earliest("reader");
    var appender = Thread.ofVirtual().start(() -> append("1"));

    var page = source.next(10, LONG);

    assertThat(ids(page)).containsExactly("1");
    appender.join();
  }

  @Test
  final void givesNothingWhenNothingComesInTime() throws InterruptedException {
    assertThat(earliest("reader").next(10, Duration.ofMillis(5))).isEmpty();
  }

  @Test
  final void stopsWaitingWhenItsThreadIsInterrupted() throws InterruptedException {
    var source = earliest("reader");
    var thrown = new AtomicReference<Throwable>();
    var reader =
        Thread.ofVirtual()
            .start(() -> {
              try {
                source.next(10, LONG);
              } catch (Throwable e) {
                thrown.set(e);
              }
            });

    reader.interrupt();
    reader.join();

    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    append("1");
    assertThat(ids(read(source, 1))).containsExactly("1");
  }

  @Test
  final void stopsWaitingWhenTheSourceIsClosed() throws InterruptedException {
    var source = earliest("reader");

    assertStopsWaiting(source, source::close);
  }

  @Test
  final void stopsWaitingWhenTheStreamIsClosed() throws InterruptedException {
    var source = earliest("reader");

    assertStopsWaiting(source, stream::close);
  }

  private static void assertStopsWaiting(EventSource source, Runnable close)
      throws InterruptedException {
    var got = new AtomicReference<List<Entry>>();
    var reader =
        Thread.ofVirtual()
            .start(() -> {
              try {
                got.set(source.next(10, LONG));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });

    close.run();
    reader.join();

    assertThat(got.get()).isEmpty();
  }

  @Test
  final void refusesToAppendWhenItIsClosed() {
    stream.close();

    assertThatThrownBy(() -> append("1")).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> earliest("reader")).isInstanceOf(StoreException.class);
  }

  @Test
  final void keepsTheOrderOfEachKeyOfThreadsThatAppendAtTheSameTime() throws InterruptedException {
    int each = 100;
    var threads = new ArrayList<Thread>();
    var go = new CountDownLatch(1);
    for (int key = 0; key < 8; key++) {
      var name = "key-" + key;
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                await(go);
                for (int i = 0; i < each; i++) {
                  stream.append(List.of(event(TOPIC, name + ":" + i, name)));
                }
              }));
    }

    go.countDown();
    var read = read(earliest("reader"), 8 * each);
    for (var thread : threads) {
      thread.join();
    }

    var byKey = read.stream().collect(groupingBy(entry -> entry.event().key()));
    assertThat(byKey).hasSize(8);
    byKey.forEach((key, entries) ->
        assertThat(ids(entries))
            .isEqualTo(IntStream.range(0, each).mapToObj(i -> key + ":" + i).toList()));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  final void givesEachKeyToOneMemberAndEachEventToSomeMember() throws InterruptedException {
    // Keys whose hashes are positive, negative and the least of all.
    var keys =
        new ArrayList<String>(List.of("polygenelubricants", "Aa", "BB", "\uFFFF\uFFFF\uFFFF"));
    IntStream.range(0, 200).forEach(i -> keys.add("key-" + i));
    for (int round = 0; round < 2; round++) {
      var events = new ArrayList<Event>();
      for (var key : keys) {
        events.add(event(TOPIC, round + ":" + key, key));
      }
      stream.append(events);
    }

    var owners = new HashMap<String, Integer>();
    var seen = new HashSet<String>();
    for (int member = 0; member < 5; member++) {
      var source = stream.open(Subscription.of(TOPIC, "reader").member(member, 5));
      for (var page = source.next(100, Duration.ZERO);
          !page.isEmpty();
          page = source.next(100, Duration.ZERO)) {
        for (var entry : page) {
          assertThat(seen.add(entry.event().id())).as(entry.event().id()).isTrue();
          var owner = owners.putIfAbsent(entry.event().key(), member);
          assertThat(owner).as(entry.event().key()).isIn(null, member);
        }
      }
    }

    assertThat(seen).hasSize(2 * keys.size());
    assertThat(owners.keySet()).isEqualTo(keys.stream().collect(toSet()));
    assertThat(owners.values()).as("all members have work").contains(0, 1, 2, 3, 4);
  }

  @Test
  final void losesNothingWhenTheNumberOfMembersChanges() throws InterruptedException {
    var keys = IntStream.range(0, 40).mapToObj(i -> "key-" + i).toList();
    stream.append(keys.stream().map(key -> event(TOPIC, "1:" + key, key)).toList());
    var seen = new HashSet<String>();
    for (int member = 0; member < 2; member++) {
      try (var source = stream.open(Subscription.of(TOPIC, "reader").member(member, 2))) {
        var page = source.next(100, LONG);
        seen.addAll(ids(page));
        source.acknowledge(page.getLast());
      }
    }
    stream.append(keys.stream().map(key -> event(TOPIC, "2:" + key, key)).toList());

    var again = new ArrayList<String>();
    for (int member = 0; member < 3; member++) {
      try (var source = stream.open(Subscription.of(TOPIC, "reader").member(member, 3))) {
        again.addAll(ids(source.next(1_000, LONG)));
      }
    }

    assertThat(seen).hasSize(40);
    assertThat(again).containsAll(keys.stream().map(key -> "2:" + key).toList());
    assertThat(again).as("no replay of all").hasSizeLessThan(80);
  }
}
