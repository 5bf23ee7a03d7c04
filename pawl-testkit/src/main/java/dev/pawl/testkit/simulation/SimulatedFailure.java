package dev.pawl.testkit.simulation;

/// A collaborator of a step failed, because a seed has drawn it.
public final class SimulatedFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  SimulatedFailure(String what) {
    super(what + " failed, in the simulation");
  }
}
