/// What a workflow is: graphs, machines, steps, policies, reducers, diagrams, the ids and states of
/// runs.
///
/// Imports `step` and `model` below it, and nothing else of Pawl; values only, and no clock, thread
/// or I/O.
///
/// Start reading at `Workflow`.
@NullMarked
package dev.pawl.workflow;

import org.jspecify.annotations.NullMarked;
