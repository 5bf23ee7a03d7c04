package dev.pawl.testkit.compat;

import dev.pawl.testkit.compat.Finding.AnotherEdge;
import dev.pawl.testkit.compat.Finding.NoDefinition;
import dev.pawl.testkit.compat.Finding.NoEdge;
import dev.pawl.testkit.compat.Finding.NodeGone;
import dev.pawl.testkit.compat.Finding.PredicateThrows;
import dev.pawl.testkit.compat.Finding.StateTypeChanged;
import dev.pawl.testkit.compat.Finding.Unreadable;
import java.util.Locale;

/// A finding, and how many runs it was found in.
///
/// @param finding what is wrong
/// @param source where the runs were found
/// @param workflow the name of their workflow
/// @param version the version that they started with
/// @param runs how many runs there are, each counted once
/// @param example the key of the first of them; of a recording also its file
public record Found(
    Finding finding, Source source, String workflow, String version, long runs, String example) {
  /// Where runs were found.
  public enum Source {
    /// In a store; they are open.
    STORE,
    /// In recordings; they may be over.
    RECORDINGS
  }

  /// All of it in one sentence.
  public String message() {
    boolean one = runs == 1;
    return (one ? example : counted())
        + ' '
        + (one ? singular() : plural())
        + " ("
        + workflow
        + " version "
        + version
        + (one ? "" : "; such as " + example)
        + ')';
  }

  private String counted() {
    return String.format(
        Locale.ROOT,
        "%,d %s runs",
        runs,
        switch (source) {
          case STORE -> "open";
          case RECORDINGS -> "recorded";
        });
  }

  private String singular() {
    return switch (finding) {
      case NoDefinition none -> "is of a version that this build does not have";
      case NodeGone gone -> "waits " + gone(gone);
      case StateTypeChanged changed -> "waits " + changed(changed);
      case AnotherEdge edge -> "would take " + another(edge);
      case NoEdge none -> "would find " + none(none);
      case PredicateThrows error -> "would not get past " + error(error);
      case Unreadable state -> "has a state " + unreadable(state);
    };
  }

  private String plural() {
    return switch (finding) {
      case NoDefinition none -> "are of a version that this build does not have";
      case NodeGone gone -> "wait " + gone(gone);
      case StateTypeChanged changed -> "wait " + changed(changed);
      case AnotherEdge edge -> "would take " + another(edge);
      case NoEdge none -> "would find " + none(none);
      case PredicateThrows error -> "would not get past " + error(error);
      case Unreadable state -> "have a state " + unreadable(state);
    };
  }

  private static String gone(NodeGone gone) {
    return "at `" + gone.node() + "`, which this build removes";
  }

  private static String changed(StateTypeChanged changed) {
    return "at `"
        + changed.node()
        + "`, whose state was a "
        + changed.before()
        + " and is a "
        + changed.now()
        + " in this build";
  }

  private static String another(AnotherEdge edge) {
    return "another edge at `" + edge.node() + "`: " + edge.now() + ", not " + edge.before();
  }

  private static String none(NoEdge none) {
    return "no edge at `" + none.node() + "`, not even " + none.before();
  }

  private static String error(PredicateThrows error) {
    return "`"
        + error.node()
        + "`: the predicate of \""
        + error.label()
        + "\" throws "
        + error.error();
  }

  private static String unreadable(Unreadable state) {
    return "that this build cannot read, "
        + (state.node().isEmpty() ? "the one it started with" : "made by `" + state.node() + "`")
        + ": "
        + state.reason();
  }
}
