/// What durable runs take on SQLite: throughput, latency, recovery, idle cost and stored bytes.
///
/// Imports Pawl's public API, SQLite's driver for the baselines, and HdrHistogram. Start reading at
/// `DurableScenarios`.
@NullMarked
package dev.pawl.bench.durable;

import org.jspecify.annotations.NullMarked;
