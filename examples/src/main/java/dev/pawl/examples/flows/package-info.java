/// Three whole workflows, as their authors write them: a payment order with a saga and a review, a
/// parcel as a state machine, an agent with tools and approvals.
///
/// Imports Pawl's public API only, as an application would.
///
/// Start reading at `Orders`.
package dev.pawl.examples.flows;
