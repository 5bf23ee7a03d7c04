package dev.pawl.testkit.conformance;

import dev.pawl.stream.EventStream;

/// The stream in memory passes the suite.
final class MemoryStreamTest extends StreamConformance {
  @Override
  protected EventStream open() {
    return EventStream.inMemory();
  }
}
