package dev.pawl.workflow;

import java.util.List;

/// A workflow as figures and lines, for any notation.
record Drawing(List<Figure> figures, List<Line> lines) {
  /// Copies the lists.
  Drawing {
    figures = List.copyOf(figures);
    lines = List.copyOf(lines);
  }

  /// Something that lines lead to.
  sealed interface Figure {
    /// Unique in the whole drawing: letters, digits and `_`.
    String id();

    /// The first mark in it, for notations whose lines cannot lead to a group.
    Mark first();

    /// The last mark in it.
    Mark last();
  }

  /// A node, or a sign that helps to read the edges.
  record Mark(String id, Kind kind, String label) implements Figure {
    @Override
    public Mark first() {
      return this;
    }

    @Override
    public Mark last() {
      return this;
    }
  }

  /// A node with other workflows inside, at least one.
  record Group(String id, String label, List<Drawing> parts) implements Figure {
    @Override
    public Mark first() {
      return parts.getFirst().figures.getFirst().first();
    }

    @Override
    public Mark last() {
      return parts.getLast().figures.getLast().last();
    }
  }

  /// What a mark stands for, which decides its shape.
  enum Kind {
    START,
    STEP,
    CHOICE,
    DELAY,
    AWAIT,
    /// Starts a run of another workflow.
    CHILD,
    FORK,
    JOIN,
    END
  }

  /// An edge.
  record Line(Figure from, Figure to, String label, Taken taken) {}

  /// When an edge is taken.
  enum Taken {
    WHEN_ALL_IS_WELL,
    ON_FAILURE
  }
}
