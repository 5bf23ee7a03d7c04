/// The JSON codec.
module dev.pawl.jackson {
  requires transitive dev.pawl.core;
  requires tools.jackson.databind;
  requires static org.jspecify;

  exports dev.pawl.jackson;

  provides dev.pawl.store.Codec with
      dev.pawl.jackson.JacksonCodec;
}
