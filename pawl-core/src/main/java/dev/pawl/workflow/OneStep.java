package dev.pawl.workflow;

import dev.pawl.workflow.model.Definition;
import dev.pawl.workflow.model.Exits;
import dev.pawl.workflow.model.Merge;
import dev.pawl.workflow.model.NodeModel;
import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Step;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;

/// The workflows that map and parallel nodes make of their steps: a node and an end.
final class OneStep {
  private OneStep() {}

  /// A workflow of one step, named like it. Its state is the step's input before the step, and its
  /// result after it.
  static Definition<Object> of(
      String name, Class<?> in, Class<?> result, Policy policy, Step<?, ?> step) {
    return of(name, in, result, policy, new Work.Run<>(untyped(step)));
  }

  /// A workflow that waits for a run of another, and ends with the state that this ended with.
  static <T> Definition<T> child(String name, Definition<T> workflow, Policy policy) {
    Work<T> work =
        new Work.Child<>(workflow, state -> state, Optional.of((before, after) -> after), false);
    return of(name, workflow.state(), workflow.state(), policy, work);
  }

  private static <S> Definition<S> of(
      String name, Type in, Type result, Policy policy, Work<S> work) {
    return new Definition<>(
        name,
        Header.FIRST_VERSION,
        in,
        result,
        0,
        List.of(
            new NodeModel<>(0, name, work, policy, false, Exits.to(1)),
            new NodeModel<>(1, "end", new Work.End<>(), Policy.DEFAULT, false, Exits.none())),
        Merge.plain(),
        Optional.empty());
  }

  @SuppressWarnings("unchecked") // only ever given values of the step's own type
  private static Step<Object, Object> untyped(Step<?, ?> step) {
    return (Step<Object, Object>) step;
  }
}
