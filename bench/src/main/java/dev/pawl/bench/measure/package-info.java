/// What a measurement is: a scenario, the rows it makes, the limits they must keep, and the loads
/// that scenarios put on an engine.
///
/// Imports the JDK and HdrHistogram. Start reading at `Scenario`.
@NullMarked
package dev.pawl.bench.measure;

import org.jspecify.annotations.NullMarked;
