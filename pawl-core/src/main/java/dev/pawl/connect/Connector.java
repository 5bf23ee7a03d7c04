package dev.pawl.connect;

import dev.pawl.engine.Engine;
import dev.pawl.engine.turns.Turns;
import dev.pawl.stream.Entry;
import dev.pawl.stream.EventSource;
import dev.pawl.workflow.step.Retry;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// Reads events from a source and does with each what an intake says: start a run, signal one, or
/// nothing. A value; it works when [#start] has been called.
///
/// ```java
/// var intake = Connector.of("imports", () -> stream.open(Subscription.of("orders", "imports")),
///     event -> Intent.start(ORDERS, event.key(), event.value(codec, Order.class)));
/// try (var connection = intake.start(engine)) { … }
/// ```
///
/// Each event starts one run, or is one signal, however often the source gives it: the connector's
/// name and the event's topic and id are the request id of the run or the id of the signal, kept as
/// long as the run is. The source's cursor moves when what a page does is durable; a crash in
/// between gives the page again.
///
/// An event fails when its intake throws, an open run has its key, or the run that it is a signal
/// to is over or unknown. It is tried again, with those behind it waiting, because they may be of
/// the same key. When that has failed too often the connection stops there and says why, unless
/// [#onFailure] says what to do with such events.
///
/// @param name unique among the connectors of a store; part of the request ids
/// @param source opens the source; again after it could not be read
/// @param intake what events do
/// @param retry how often an event is tried, and when again
/// @param failure what is done with an event that failed too often; empty to stop
/// @param turns where the connection waits
public record Connector(
    String name,
    Supplier<? extends EventSource> source,
    Intake intake,
    Retry retry,
    Optional<Failure> failure,
    Turns turns) {
  /// Checks the name.
  ///
  /// @throws IllegalArgumentException if it is empty
  public Connector {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("the name of a connector is empty");
    }
  }

  /// What is done with an event that failed too often.
  public interface Failure {
    /// Takes it, so that the connector goes on behind it. May be called twice for one event.
    ///
    /// @throws Exception to stop there nevertheless
    void take(Entry entry, Throwable error) throws Exception;
  }

  /// Tries an event five times, one second to one minute apart, then stops.
  public static Connector of(String name, Supplier<? extends EventSource> source, Intake intake) {
    return new Connector(
        name,
        source,
        intake,
        Retry.exponential(Duration.ofSeconds(1), 5),
        Optional.empty(),
        Turns.system());
  }

  /// Trying so often, and then.
  public Connector retry(Retry retry) {
    return new Connector(name, source, intake, retry, failure, turns);
  }

  /// Handing events that failed too often to `failure`, and going on.
  public Connector onFailure(Failure failure) {
    return new Connector(name, source, intake, retry, Optional.of(failure), turns);
  }

  /// Waiting on these turns.
  public Connector turns(Turns turns) {
    return new Connector(name, source, intake, retry, failure, turns);
  }

  /// Begins to read, on a thread of its own. Close the connection before the engine.
  public Connection start(Engine engine) {
    var connection = new Connection(this, engine);
    connection.start();
    return connection;
  }
}
