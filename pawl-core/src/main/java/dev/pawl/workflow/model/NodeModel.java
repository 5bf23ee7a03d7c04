package dev.pawl.workflow.model;

import dev.pawl.workflow.step.Policy;

/// One node.
///
/// @param index its place in [Definition#nodes()]
/// @param name its durable identity, unique in the definition
/// @param work what it does
/// @param policy how it is run
/// @param exits the ways out
public record NodeModel<S>(int index, String name, Work<S> work, Policy policy, Exits<S> exits) {}
