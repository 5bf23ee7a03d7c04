package dev.pawl.workflow;

import java.util.List;
import java.util.stream.Collectors;

/// A workflow cannot be built. Names all its problems at once.
public final class InvalidWorkflow extends PawlException {
  private static final long serialVersionUID = 1;
  private final transient List<Problem> problems;

  InvalidWorkflow(String workflow, List<Problem> problems) {
    super(
        problems.stream()
            .map(problem -> "\n- " + problem)
            .collect(Collectors.joining("", "workflow " + workflow + " cannot be built:", "")));
    this.problems = List.copyOf(problems);
  }

  /// All problems, warnings too, in the order of the nodes' declaration.
  public List<Problem> problems() {
    return problems;
  }
}
