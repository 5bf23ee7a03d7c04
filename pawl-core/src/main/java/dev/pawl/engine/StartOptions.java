package dev.pawl.engine;

import dev.pawl.store.RunRow.Unique;
import java.util.Map;
import java.util.Optional;

/// How a run is started. A value; begin with [#DEFAULT].
///
/// @param unique what the key is unique among
/// @param taken what happens when the key is taken
/// @param request an id of the caller's: a second start with it gives the same run
/// @param headers stored with the run, put into the log context (MDC) and the context of each step
public record StartOptions(
    Unique unique, Taken taken, Optional<String> request, Map<String, String> headers) {
  /// The key is unique among open runs, a taken key is refused.
  public static final StartOptions DEFAULT =
      new StartOptions(Unique.OPEN, Taken.REJECT, Optional.empty(), Map.of());

  /// Copies the map.
  ///
  /// @throws IllegalArgumentException if the request id is empty
  public StartOptions {
    if (request.isPresent() && request.get().isEmpty()) {
      throw new IllegalArgumentException("the request id is empty; give one, or leave it out");
    }
    headers = Map.copyOf(headers);
  }

  /// What happens when the key is taken.
  public enum Taken {
    /// The start throws [KeyTaken].
    REJECT,
    /// The start gives the run that has the key.
    ATTACH,
    /// The run that has the key is cancelled, and the new one starts when it is over.
    REPLACE
  }

  /// With this scope of the key.
  public StartOptions unique(Unique unique) {
    return new StartOptions(unique, taken, request, headers);
  }

  /// With this answer to a taken key.
  public StartOptions taken(Taken taken) {
    return new StartOptions(unique, taken, request, headers);
  }

  /// With a request id.
  public StartOptions request(String request) {
    return new StartOptions(unique, taken, Optional.of(request), headers);
  }

  /// With these headers.
  public StartOptions headers(Map<String, String> headers) {
    return new StartOptions(unique, taken, request, headers);
  }
}
