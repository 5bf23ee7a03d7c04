package dev.pawl.testkit;

import dev.pawl.store.Codec;
import dev.pawl.store.CodecException;
import dev.pawl.store.Encoded;
import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What must hold for every state, whatever becomes of its run. Findings are kept until the test
/// hears of them; used by the thread that has the turn.
final class StateChecks {
  private final Codec codec;
  private final Set<String> findings = new LinkedHashSet<>();

  StateChecks(Codec codec) {
    this.codec = codec;
  }

  /// Where something was found.
  ///
  /// @param workflow the name of the workflow
  /// @param node the full name of the node
  /// @param run which run, or a word for one that is not known
  record Where(String workflow, String node, String run) {
    @Override
    public String toString() {
      return "workflow " + workflow + ", node " + node + ", " + run;
    }
  }

  /// Checks that a value is equal after it was stored and read.
  void survives(Where where, Object value, Type type) {
    try {
      var encoded = codec.encode(value, type);
      if (encoded instanceof Encoded.Reference) {
        return;
      }
      var again = codec.decode(encoded, type);
      if (!again.equals(value)) {
        var differences = Leaves.of(again).differences(Leaves.of(value));
        found(
            where,
            "the state is another one after it was stored and read",
            differences.isEmpty()
                ? List.of(
                    "both look alike, but are not equal: does "
                        + type.getTypeName()
                        + " define"
                        + " equals?")
                : differences);
      }
    } catch (CodecException e) {
      found(where, "the state cannot be stored and read", List.of(String.valueOf(e.getMessage())));
    }
  }

  /// Checks that a step has left its input as it was.
  void unchanged(Where where, Leaves before, Object input) {
    var after = Leaves.of(input);
    if (!after.equals(before)) {
      found(
          where,
          "the step has changed its input, which other branches and attempts share; make a new"
              + " state instead",
          after.differences(before));
    }
  }

  private void found(Where where, String what, List<String> details) {
    findings.add(where + ": " + what + "\n    " + String.join("\n    ", details));
  }

  /// Fails the test with what was found since it was last told.
  ///
  /// @throws AssertionError if something was
  void tell() {
    if (!findings.isEmpty()) {
      var text = String.join("\n", findings);
      findings.clear();
      throw new AssertionError(text);
    }
  }
}
