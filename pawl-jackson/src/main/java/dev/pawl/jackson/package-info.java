/// States and values as JSON: the codec SPI of `dev.pawl.store`, on Jackson 3.
///
/// Imports `store` and `workflow`, and Jackson.
///
/// Start reading at `JacksonCodec`.
@NullMarked
package dev.pawl.jackson;

import org.jspecify.annotations.NullMarked;
