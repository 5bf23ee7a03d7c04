package dev.pawl.testkit.simulation;

import dev.pawl.stream.Event;
import dev.pawl.stream.EventSource;
import dev.pawl.stream.EventStream;
import dev.pawl.stream.Subscription;
import java.util.List;

/// The stream that a simulated host sends to: slow and failing at times. It takes what comes, and
/// nobody reads it.
final class PostStream implements EventStream {
  private final Host host;

  PostStream(Host host) {
    this.host = host;
  }

  @Override
  public void append(List<Event> events) {
    for (var event : events) {
      host.reach();
      host.mayLose("event " + event.id());
      host.arrived(event.id());
    }
    host.reach();
  }

  @Override
  public EventSource open(Subscription subscription) {
    throw new UnsupportedOperationException("nobody reads what is sent in a simulation");
  }

  @Override
  public void close() {
    // The world keeps what has arrived.
  }
}
