package dev.pawl.run;

/// How much a run may use, and what counts as poison.
///
/// @param steps visits a run, without those of items
/// @param branches branches a run, items among them
/// @param poisonAfter after the process died so often during attempts of one visit, the run is
///   paused; 0 never
public record Limits(int steps, int branches, int poisonAfter) {}
