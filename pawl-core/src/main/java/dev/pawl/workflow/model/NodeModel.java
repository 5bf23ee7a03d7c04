package dev.pawl.workflow.model;

import dev.pawl.workflow.step.Compensation;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Unhandled;
import java.util.Optional;

/// One node.
///
/// @param index its place in [Definition#nodes()]
/// @param name its durable identity, unique in the definition
/// @param work what it does
/// @param policy how it is run
/// @param pure whether its children (branches of a fork or parallel, items of a map) only compute,
///   so that an inline run may run them one after another on the caller's thread
/// @param exits the ways out
/// @param compensation undoes a visit, if it is to be undone
/// @param unhandled what becomes of signals that it does not wait for
public record NodeModel<S>(
    int index,
    String name,
    Work<S> work,
    Policy policy,
    boolean pure,
    Exits<S> exits,
    Optional<Compensation<? super S>> compensation,
    Unhandled unhandled) {
  /// A node that nothing undoes, and that keeps signals.
  public NodeModel(
      int index, String name, Work<S> work, Policy policy, boolean pure, Exits<S> exits) {
    this(index, name, work, policy, pure, exits, Optional.empty(), Unhandled.KEEP);
  }
}
