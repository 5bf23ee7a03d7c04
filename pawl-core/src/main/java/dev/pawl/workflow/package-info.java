/// What a workflow is: graphs, machines, steps, policies, reducers, diagrams, the ids and states of
/// runs.
///
/// Imports nothing of Pawl; values only, and no clock, thread or I/O.
///
/// Start reading at `Workflow`.
@NullMarked
package dev.pawl.workflow;

import org.jspecify.annotations.NullMarked;
