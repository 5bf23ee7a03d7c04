package dev.pawl.store;

import dev.pawl.workflow.RunId;

/// A result that a step recorded under a name. The key is run, branch, visit and name; the first
/// writer wins.
public record OnceRow(RunId run, String branch, int visit, String name, Encoded value) {}
