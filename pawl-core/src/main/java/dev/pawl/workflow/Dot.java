package dev.pawl.workflow;

import dev.pawl.workflow.Drawing.Figure;
import dev.pawl.workflow.Drawing.Group;
import dev.pawl.workflow.Drawing.Line;
import dev.pawl.workflow.Drawing.Mark;
import dev.pawl.workflow.Drawing.Taken;
import java.util.ArrayList;

/// Writes a drawing in the DOT language of Graphviz.
final class Dot {
  private final StringBuilder text = new StringBuilder();

  private Dot() {}

  static String of(String name, Drawing drawing) {
    var dot = new Dot();
    dot.text.append("digraph ").append(quoted(name)).append(" {\n");
    dot.text.append("  compound=true;\n");
    dot.text.append("  node [shape=box];\n");
    dot.drawing(drawing, "  ");
    return dot.text.append("}\n").toString();
  }

  private void drawing(Drawing drawing, String indent) {
    drawing.figures().forEach(figure -> figure(figure, indent));
    drawing.lines().forEach(line -> line(line, indent));
  }

  private void figure(Figure figure, String indent) {
    switch (figure) {
      case Mark mark ->
          text.append(indent).append(mark.id()).append(" [").append(shape(mark)).append("];\n");
      case Group group -> {
        text.append(indent).append("subgraph cluster_").append(group.id()).append(" {\n");
        text.append(indent).append("  label=").append(quoted(group.label())).append(";\n");
        group.parts().forEach(part -> drawing(part, indent + "  "));
        text.append(indent).append("}\n");
      }
    }
  }

  private static String shape(Mark mark) {
    var label = "label=" + quoted(mark.label());
    return switch (mark.kind()) {
      case START -> "label=\"\", shape=circle, width=0.2";
      case STEP -> label;
      case CHOICE -> label + ", shape=diamond";
      case DELAY -> label + ", shape=hexagon";
      case CHILD -> label + ", shape=component";
      case AWAIT -> label + ", shape=parallelogram";
      case FORK -> label + ", style=filled, fillcolor=black, height=0.06";
      case JOIN -> label + ", style=filled, fillcolor=black, fontcolor=white, height=0.2";
      case END -> label + ", style=rounded";
    };
  }

  private void line(Line line, String indent) {
    var attributes = new ArrayList<String>();
    if (!line.label().isEmpty()) {
      attributes.add("label=" + quoted(line.label()));
    }
    // Graphviz has no lines from a cluster to itself.
    boolean isLoop = line.from().equals(line.to());
    if (!isLoop && line.from() instanceof Group group) {
      attributes.add("ltail=cluster_" + group.id());
    }
    if (!isLoop && line.to() instanceof Group group) {
      attributes.add("lhead=cluster_" + group.id());
    }
    if (line.taken() == Taken.ON_FAILURE) {
      attributes.add("style=dashed");
    }
    text.append(indent).append(line.from().last().id());
    text.append(" -> ").append(line.to().first().id());
    if (!attributes.isEmpty()) {
      text.append(" [").append(String.join(", ", attributes)).append(']');
    }
    text.append(";\n");
  }

  private static String quoted(String label) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < label.length(); i++) {
      char c = label.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\');
      }
      quoted.append(Character.isISOControl(c) ? ' ' : c);
    }
    return quoted.append('"').toString();
  }
}
