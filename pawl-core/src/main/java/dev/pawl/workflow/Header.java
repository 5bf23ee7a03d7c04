package dev.pawl.workflow;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/// What is said of a workflow as a whole.
///
/// @param name what runs are stored under
/// @param version the version that new runs are pinned to
/// @param perRun how long a run may last, if that is limited
record Header(String name, String version, Optional<Duration> perRun) {
  static final String FIRST_VERSION = "1";
  private static final Duration LONGEST = Duration.ofDays(36_500);

  static Header of(String name) {
    return new Header(requireNonNull(name, "name"), FIRST_VERSION, Optional.empty());
  }

  Header version(String version) {
    return new Header(name, requireNonNull(version, "version"), perRun);
  }

  /// @throws IllegalArgumentException if the limit is not positive, or longer than 36,500 days
  Header within(Duration limit) {
    if (!limit.isPositive() || limit.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("workflow " + name + ": within is out of range: " + limit);
    }
    return new Header(name, version, Optional.of(limit));
  }
}
