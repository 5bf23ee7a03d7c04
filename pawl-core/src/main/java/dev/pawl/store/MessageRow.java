package dev.pawl.store;

import dev.pawl.workflow.RunId;
import java.time.Instant;
import java.util.Optional;

/// A message that a run has accepted and not used yet. The key is run and number.
///
/// @param run the run
/// @param number the how manyeth message of the run it is, from 1 on
/// @param signal the name of the signal
/// @param correlation which of several waits it is for; empty if any will do
/// @param id the sender's id for it; the run accepts one message with it
/// @param payload what it carries
/// @param at when it was accepted
public record MessageRow(
    RunId run,
    long number,
    String signal,
    Optional<String> correlation,
    Optional<String> id,
    Encoded payload,
    Instant at) {}
