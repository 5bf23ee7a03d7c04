/// What workflows do, wherever they run: each test runs inline, in memory and on SQLite.
@NullMarked
package dev.pawl.behaviour;

import org.jspecify.annotations.NullMarked;
