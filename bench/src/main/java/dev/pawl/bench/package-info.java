/// The measurements behind `docs/performance.md`, each against its bar and its baseline.
///
/// Imports Pawl's public API, the examples, JMH and the peers it is measured beside.
///
/// Start reading at `Main`.
@NullMarked
package dev.pawl.bench;

import org.jspecify.annotations.NullMarked;
