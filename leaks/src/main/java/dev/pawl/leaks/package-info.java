/// Looks, after each test of ours, for threads of an engine that still live. For our tests only: a
/// test is watched when this module is on its class path, and need not name it.
///
/// Imports JUnit; nothing of Pawl.
///
/// Start reading at `LeakCheck`.
@NullMarked
package dev.pawl.leaks;

import org.jspecify.annotations.NullMarked;
