/// Lets events start runs: connectors read a source, and remember how far they have come.
///
/// Imports the engine's public part, the stream and `Turns`.
///
/// Start reading at `Connector`.
@NullMarked
package dev.pawl.connect;

import org.jspecify.annotations.NullMarked;
