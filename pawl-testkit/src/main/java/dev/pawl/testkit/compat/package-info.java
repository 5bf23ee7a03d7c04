/// Whether runs that an older build left can go on in this one: recorded runs, or those of a store,
/// are held against today's workflows.
///
/// Imports the workflows' model, the store's SPI and Jackson's parser, not the engine.
///
/// Start reading at `Compatibility`.
@NullMarked
package dev.pawl.testkit.compat;

import org.jspecify.annotations.NullMarked;
