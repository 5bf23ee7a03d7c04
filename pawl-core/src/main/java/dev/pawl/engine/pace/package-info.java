/// When something may begin: timers, and how many attempts there may be at once.
///
/// Imports `Turns` only.
@NullMarked
package dev.pawl.engine.pace;

import org.jspecify.annotations.NullMarked;
