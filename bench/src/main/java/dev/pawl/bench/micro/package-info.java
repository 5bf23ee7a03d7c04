/// What one thread does in memory, measured by JMH in a JVM of its own.
///
/// Imports Pawl's public API, JMH and LangGraph4j. Start reading at `MicroScenarios`.
@NullMarked
package dev.pawl.bench.micro;

import org.jspecify.annotations.NullMarked;
