package dev.pawl.run;

/// A finished visit that can be undone.
///
/// @param seq the sequence number of the row that ended it
/// @param branch the branch
/// @param visit the visit
/// @param node the node
public record Undo(long seq, String branch, int visit, int node) {}
