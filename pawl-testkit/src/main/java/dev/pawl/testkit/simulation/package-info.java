/// Whole engines, simulated: several of them over one store, in virtual time, with faults, all
/// drawn from one seed, and the laws that must hold whatever happens.
///
/// Imports the core and `testkit.turns`; nothing of JUnit.
///
/// Start reading at `Simulation`, then `World`.
@NullMarked
package dev.pawl.testkit.simulation;

import org.jspecify.annotations.NullMarked;
