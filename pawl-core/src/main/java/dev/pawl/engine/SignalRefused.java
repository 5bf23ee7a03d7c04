package dev.pawl.engine;

import dev.pawl.workflow.PawlException;

/// A run does not take a signal: it stands where the signal is refused, or dropped, or the check of
/// the wait refuses it as an update.
public final class SignalRefused extends PawlException {
  private static final long serialVersionUID = 1;
  private final String run;
  private final String node;
  private final String signal;

  /// @param why what the check of the wait threw
  SignalRefused(String run, String node, String signal, Exception why) {
    super("run " + run + " refuses signal " + signal + " at " + node + ": " + why, why);
    this.run = run;
    this.node = node;
    this.signal = signal;
  }

  SignalRefused(String run, String node, String signal) {
    super(
        "run "
            + run
            + " refuses signal "
            + signal
            + " at "
            + node
            + ", which does not wait for it");
    this.run = run;
    this.node = node;
    this.signal = signal;
  }

  /// The key of the run.
  public String run() {
    return run;
  }

  /// Where it stands.
  public String node() {
    return node;
  }

  /// The name of the signal.
  public String signal() {
    return signal;
  }
}
