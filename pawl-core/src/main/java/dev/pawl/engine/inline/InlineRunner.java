package dev.pawl.engine.inline;

import dev.pawl.engine.turns.Turns;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Definition;
import java.util.function.Function;

/// Runs workflows on the caller's thread, and keeps nothing of them. Thread-safe.
public final class InlineRunner {
  private final Turns turns;
  private final Function<Definition<?>, Layout> compiler;

  /// Takes time, randomness and threads from `turns`, exceptions from `failures`.
  public InlineRunner(Turns turns, Failures failures) {
    this.turns = turns;
    this.compiler = definition -> Layout.of(definition, failures);
  }

  /// Runs a workflow to its end.
  ///
  /// @return the state there
  /// @throws GaveUp if a node gave up, and no error edge took it
  /// @throws RuntimeException that of [Failures#waits], if the workflow has a node that waits
  @SuppressWarnings("unchecked") // a workflow ends with a state of its own type
  public <S> S run(Workflow<S> workflow, S state) throws GaveUp, InterruptedException {
    var plan = workflow.compiled(Layout.class, compiler);
    var context = new Context(turns, plan);
    try {
      return (S) Walk.advance(context, plan.start, Walk.NOWHERE, state);
    } finally {
      context.close();
    }
  }
}
