/// What is kept of a run, and where: the SPI of stores and codecs, their rows, the store in memory.
///
/// Imports `run` and `workflow`, and whatever I/O a store needs.
///
/// Start reading at `Store`.
@NullMarked
package dev.pawl.store;

import org.jspecify.annotations.NullMarked;
