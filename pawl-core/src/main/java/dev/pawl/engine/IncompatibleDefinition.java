package dev.pawl.engine;

import dev.pawl.workflow.PawlException;
import java.util.Map;

/// A definition of another shape was registered under a version that has open runs at nodes which
/// it lacks.
public final class IncompatibleDefinition extends PawlException {
  private static final long serialVersionUID = 1;

  IncompatibleDefinition(String workflow, String version, Map<String, Long> missing) {
    super(
        "workflow "
            + workflow
            + " version "
            + version
            + " has another shape than its open runs need; open runs by node that is missing or has"
            + " another state type: "
            + missing
            + "; register it under a new version");
  }
}
