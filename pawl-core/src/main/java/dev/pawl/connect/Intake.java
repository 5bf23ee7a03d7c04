package dev.pawl.connect;

import dev.pawl.stream.Event;

/// Says what an event is to do. Called on the connector's thread, again for an event that was not
/// acknowledged; it should do nothing else.
public interface Intake {
  /// What this event is to do.
  ///
  /// @throws Exception if it cannot be said now; it is asked again after a while
  Intent take(Event event) throws Exception;
}
