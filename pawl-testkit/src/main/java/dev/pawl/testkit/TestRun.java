package dev.pawl.testkit;

import dev.pawl.engine.Engine;
import dev.pawl.engine.Run;
import dev.pawl.engine.SignalOptions;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.RunRow;
import dev.pawl.workflow.RunId;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.step.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// A handle on a run of a [TestEngine]. It outlives restarts and crashes of the engine's process.
/// Limits are virtual: while the test waits for a run, time passes at once, up to the limit.
///
/// Belongs to the thread of its engine.
public final class TestRun<S> implements Run<S> {
  private static final int PAGE = 1_000;
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private final TestEngine engine;
  private final Watched<S> watched;
  private final RunId id;
  private final String key;
  private @Nullable Engine known; // the one that gave the handle
  private @Nullable Run<S> handle;

  TestRun(TestEngine engine, Watched<S> watched, RunId id, String key) {
    this.engine = engine;
    this.watched = watched;
    this.id = id;
    this.key = key;
  }

  private Run<S> run() {
    var found = handle;
    if (found == null || known != engine.engine()) {
      known = engine.engine();
      found = known.find(watched.workflow(), id).orElseThrow();
      handle = found;
    }
    return found;
  }

  @Override
  public RunId id() {
    return id;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public Optional<RunId> parent() {
    return engine.call(() -> run().parent());
  }

  @Override
  public List<RunRow> children(Optional<RunId> after, int limit) {
    return engine.call(() -> run().children(after, limit));
  }

  @Override
  public RunStatus status() {
    return engine.call(() -> run().status());
  }

  @Override
  public S state() {
    return engine.call(() -> run().state());
  }

  @Override
  public List<String> path() {
    return engine.call(() -> run().path());
  }

  /// The full names of the nodes where the run waits for a time or a signal, as
  /// [TestEngine#settle()] leaves it; empty when it is over, at work, or paused.
  public List<String> waitingAt() {
    return engine.call(() -> engine.waitingAt(watched, id));
  }

  /// How many attempts at this node have begun in this engine, over all visits and branches of the
  /// run: also those that failed, that a crash cut, and one that is under way.
  ///
  /// @param node the full name of a step, choice or delay; of a delay what it does after its wait
  /// @throws IllegalArgumentException if the workflow has no such node
  public int attempts(String node) {
    return engine.attempts(watched, id, node);
  }

  @Override
  public S await(Duration limit) throws InterruptedException {
    return waited(limit, left -> run().await(left));
  }

  @Override
  public Result<S> result(Duration limit) throws InterruptedException {
    return waited(limit, left -> run().result(left));
  }

  /// What the engine is asked when the run is over, or the limit.
  private interface Question<T> {
    T ask(Duration limit) throws InterruptedException;
  }

  private <T> T waited(Duration limit, Question<T> question) throws InterruptedException {
    if (!engine.isDriver()) {
      return question.ask(limit);
    }
    var until = engine.now().plus(atMost(limit));
    engine.passUntil(() -> status().isFinal(), until);
    engine.tell();
    return engine.call(() -> question.ask(Duration.ZERO));
  }

  @Override
  public RunStatus awaitStatus(Set<RunStatus> statuses, Duration limit)
      throws InterruptedException {
    var until = engine.now().plus(atMost(limit));
    var status =
        engine.call(() -> run().awaitStatus(statuses, Duration.between(engine.now(), until)));
    engine.tell();
    return status;
  }

  private static Duration atMost(Duration limit) {
    return limit.compareTo(LONGEST) < 0 ? limit : LONGEST;
  }

  @Override
  public List<HistoryRow> history(long after, int limit) {
    return engine.call(() -> run().history(after, limit));
  }

  /// As of any run; while the test waits for the next event, time passes.
  ///
  /// @throws AssertionError from the iterator if no event comes
  @Override
  public Feed<S> feed(long after) {
    return new TestFeed(after);
  }

  private final class TestFeed implements Feed<S> {
    private final long after;
    private boolean closed;

    TestFeed(long after) {
      this.after = after;
    }

    @Override
    public Iterator<Event<S>> iterator() {
      return new Events(after);
    }

    @Override
    public void close() {
      closed = true;
    }

    private final class Events implements Iterator<Event<S>> {
      private long last;
      private boolean ended;
      private @Nullable Engine asked;
      private @Nullable Iterator<Event<S>> events; // of that engine

      Events(long after) {
        last = after;
      }

      /// Lets time pass until there is an event, so that the engine's own feed never blocks.
      @Override
      public boolean hasNext() {
        if (ended || closed) {
          return false;
        }
        var end = engine.now().plus(LONGEST);
        boolean more = engine.passUntil(() -> hasLeft(last) || isAtRest(), end);
        engine.tell();
        if (!more || !hasLeft(last) && !status().isFinal()) {
          throw new AssertionError("no event comes any more:\n" + report());
        }
        return true;
      }

      @Override
      public Event<S> next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        var event = engine.call(() -> events().next());
        last = event.sequence();
        ended = event instanceof Event.Ended<S>;
        return event;
      }

      private Iterator<Event<S>> events() {
        var run = run();
        var known = events;
        if (known == null || asked != engine.engine()) {
          asked = engine.engine();
          known = run.feed(last).iterator();
          events = known;
        }
        return known;
      }
    }
  }

  private boolean isAtRest() {
    var status = status();
    return status.isFinal() || status == RunStatus.PAUSED;
  }

  /// Whether a visit was committed after that, so that the engine's own feed has something to show.
  private boolean hasLeft(long after) {
    for (var page = history(after, PAGE); !page.isEmpty(); ) {
      if (page.stream().anyMatch(TestRun::isShown)) {
        return true;
      }
      page = history(page.getLast().seq(), PAGE);
    }
    return false;
  }

  @Override
  public void abandon(String reason) {
    engine.call(() -> {
      run().abandon(reason);
      return true;
    });
  }

  private static boolean isShown(HistoryRow row) {
    return row.kind() == HistoryRow.Kind.LEFT || row.kind() == HistoryRow.Kind.STAYED;
  }

  @Override
  public <T> void signal(Signal<T> signal, T payload, SignalOptions options) {
    engine.call(() -> {
      run().signal(signal, payload, options);
      return true;
    });
  }

  /// As of any run; a signal without an id is given one, so that it counts once although the
  /// process dies meanwhile and it is sent again.
  @Override
  public <T> S update(Signal<T> signal, T payload, SignalOptions options, Duration limit)
      throws InterruptedException {
    var once = engine.once(options);
    var until = engine.now().plus(atMost(limit));
    var state =
        engine.call(
            () -> run().update(signal, payload, once, Duration.between(engine.now(), until)));
    engine.tell();
    return state;
  }

  @Override
  public void pause(String reason) {
    engine.call(() -> {
      run().pause(reason);
      return true;
    });
  }

  @Override
  public void resume() {
    engine.call(() -> {
      run().resume();
      return true;
    });
  }

  @Override
  public void cancel(String reason) {
    engine.call(() -> {
      run().cancel(reason);
      return true;
    });
  }

  /// The name of the workflow.
  String workflow() {
    return watched.workflow().name();
  }

  /// What the run went through, a line for each thing worth reading, as the store has it.
  List<String> course() {
    var store = engine.store();
    return watched.course(
        store.run(id).orElseThrow(), all(after -> store.history(id, after, PAGE)));
  }

  /// What became of the run, as the store has it.
  String report() {
    var state = engine.store().run(id).orElseThrow().state();
    var text = new StringBuilder("run " + key + " of " + workflow() + ": " + state.status());
    if (!state.reason().isEmpty()) {
      text.append(" (").append(state.reason()).append(')');
    }
    var waiting = engine.waitingAt(watched, id);
    if (!waiting.isEmpty()) {
      text.append(", waits at ").append(String.join(", ", waiting));
    }
    text.append('\n');
    course().forEach(line -> text.append("    ").append(line).append('\n'));
    return text.toString();
  }

  /// All pages of a history.
  private static List<HistoryRow> all(LongFunction<List<HistoryRow>> pages) {
    var all = new ArrayList<HistoryRow>();
    for (var page = pages.apply(0); !page.isEmpty(); page = pages.apply(page.getLast().seq())) {
      all.addAll(page);
    }
    return all;
  }
}
