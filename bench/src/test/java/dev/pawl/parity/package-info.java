/// Holds `docs/parity.md` to its word: what it calls done has tests, and they ran.
@NullMarked
package dev.pawl.parity;

import org.jspecify.annotations.NullMarked;
