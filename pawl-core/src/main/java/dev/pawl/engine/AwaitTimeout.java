package dev.pawl.engine;

import dev.pawl.workflow.PawlException;
import java.time.Duration;
import java.util.List;

/// What somebody waited for did not happen in time. The run goes on.
public final class AwaitTimeout extends PawlException {
  private static final long serialVersionUID = 1;

  AwaitTimeout(String run, Duration limit, List<String> nodes) {
    this("run " + run + " is still open after " + limit + ", at " + nodes);
  }

  AwaitTimeout(String message) {
    super(message);
  }
}
