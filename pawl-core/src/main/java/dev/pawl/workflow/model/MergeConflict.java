package dev.pawl.workflow.model;

import java.util.List;

/// Parallel branches changed the same component differently, and no reducer says what that means.
public final class MergeConflict extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// Names the component and the branches.
  ///
  /// @param component the component, or `state` for the whole
  /// @param branches the first nodes of the branches in conflict
  public MergeConflict(String component, List<String> branches) {
    super(
        "branches "
            + String.join(" and ", branches)
            + " changed "
            + component
            + " differently; say with merge(...) how to reduce it");
  }
}
