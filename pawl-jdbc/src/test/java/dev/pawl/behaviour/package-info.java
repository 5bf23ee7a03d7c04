/// What workflows do, wherever they run: each test runs inline and on a durable engine.
@NullMarked
package dev.pawl.behaviour;

import org.jspecify.annotations.NullMarked;
