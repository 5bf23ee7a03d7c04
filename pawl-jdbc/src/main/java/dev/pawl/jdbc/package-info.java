/// The durable store: the store SPI of `dev.pawl.store` on one SQLite file.
///
/// Imports `store`, `run` and `workflow`, the JSON codec and JDBC.
///
/// Start reading at `SqliteStore`.
@NullMarked
package dev.pawl.jdbc;

import org.jspecify.annotations.NullMarked;
