package dev.pawl.workflow;

import dev.pawl.workflow.Drawing.Figure;
import dev.pawl.workflow.Drawing.Group;
import dev.pawl.workflow.Drawing.Line;
import dev.pawl.workflow.Drawing.Mark;

/// Writes a drawing as a Mermaid flowchart.
final class Mermaid {
  private static final String ESCAPED = "\"#<>&`\\";

  private final StringBuilder text = new StringBuilder("flowchart TD\n");

  private Mermaid() {}

  static String of(Drawing drawing) {
    var mermaid = new Mermaid();
    mermaid.drawing(drawing, "  ");
    mermaid.text.append("  classDef bar fill:#333,stroke:#333,color:#fff\n");
    return mermaid.text.toString();
  }

  private void drawing(Drawing drawing, String indent) {
    drawing.figures().forEach(figure -> figure(figure, indent));
    drawing.lines().forEach(line -> line(line, indent));
  }

  private void figure(Figure figure, String indent) {
    switch (figure) {
      case Mark mark -> text.append(indent).append(mark.id()).append(shape(mark)).append('\n');
      case Group group -> {
        text.append(indent).append("subgraph ").append(group.id());
        text.append('[').append(quoted(group.label())).append("]\n");
        group.parts().forEach(part -> drawing(part, indent + "  "));
        text.append(indent).append("end\n");
      }
    }
  }

  private static String shape(Mark mark) {
    var label = quoted(mark.label());
    return switch (mark.kind()) {
      case START -> "((\" \"))";
      case STEP -> "[" + label + "]";
      case CHOICE -> "{" + label + "}";
      case DELAY -> "{{" + label + "}}";
      case CHILD -> "[[" + label + "]]";
      case AWAIT -> "[/" + label + "/]";
      case FORK -> "[\" \"]:::bar";
      case JOIN -> "[" + label + "]:::bar";
      case END -> "([" + label + "])";
    };
  }

  private void line(Line line, String indent) {
    // Mermaid has no lines from a group to itself.
    boolean isLoop = line.from().equals(line.to());
    text.append(indent).append(isLoop ? line.from().last().id() : line.from().id());
    text.append(
        switch (line.taken()) {
          case WHEN_ALL_IS_WELL -> " -->";
          case ON_FAILURE -> " -.->";
        });
    if (!line.label().isEmpty()) {
      text.append('|').append(quoted(line.label())).append('|');
    }
    text.append(' ').append(isLoop ? line.to().first().id() : line.to().id()).append('\n');
  }

  private static String quoted(String label) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < label.length(); i++) {
      char c = label.charAt(i);
      if (Character.isISOControl(c)) {
        quoted.append(' ');
      } else if (ESCAPED.indexOf(c) >= 0) {
        quoted.append('#').append((int) c).append(';');
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
