/// The way of what runs send out: from the outbox of the store to a stream, and to hooks.
///
/// Imports the store, the stream, the way of commits, `pace` and `Turns`; nothing of the engine.
///
/// Start reading at `EventRelay`, then `HookRelay`.
@NullMarked
package dev.pawl.engine.outbox;

import org.jspecify.annotations.NullMarked;
