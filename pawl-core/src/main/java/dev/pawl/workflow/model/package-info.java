/// The read-only form of a workflow: what the builders make and what engines, checks and diagrams
/// read. May import `dev.pawl.workflow.step` only. Start reading at [Definition].
@NullMarked
package dev.pawl.workflow.model;

import org.jspecify.annotations.NullMarked;
