/// The suites that every store and every stream has to pass, Pawl's own and those of its users.
///
/// Imports the store's and the stream's part of the core, JUnit and AssertJ; no other room of the
/// test kit.
///
/// Start reading at `StoreConformance` or `StreamConformance`.
@NullMarked
package dev.pawl.testkit.conformance;

import org.jspecify.annotations.NullMarked;
