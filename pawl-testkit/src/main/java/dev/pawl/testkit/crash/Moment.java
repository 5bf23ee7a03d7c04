package dev.pawl.testkit.crash;

import java.nio.file.Path;

/// A time at which a process has just died, and no other lives.
///
/// @param round the round, from 1 on
/// @param kills how many processes have been killed in this round
/// @param killed whether this one was killed; if not, it ended by itself, and with it the round
/// @param exit its exit code
/// @param output what it wrote to its standard output; the next process replaces it
public record Moment(int round, int kills, boolean killed, int exit, Path output) {}
