package dev.pawl.run;

import java.time.Instant;
import java.util.Optional;

/// A signal on its way to a wait.
///
/// @param number the how manyeth message of the run it is, from 1 on
/// @param signal the name of the signal
/// @param correlation which of several waits it is for; empty if any will do
/// @param id the sender's id for it
/// @param payload what it carries, opaque here
/// @param at when it was accepted
public record Message(
    long number,
    String signal,
    Optional<String> correlation,
    Optional<String> id,
    Object payload,
    Instant at) {}
