package dev.pawl.engine;

/// Sets up a durable engine.
public final class EngineBuilder {
  EngineBuilder() {}
}
