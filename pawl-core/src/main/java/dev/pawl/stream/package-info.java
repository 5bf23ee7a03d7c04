/// Events and who reads them: the SPI of streams and sources, and the stream over a store's log.
///
/// Imports `store` for the log and the form of values, and `turns` for waiting.
///
/// Start reading at `EventStream`.
@NullMarked
package dev.pawl.stream;

import org.jspecify.annotations.NullMarked;
