package dev.pawl.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Outcome;
import dev.pawl.workflow.step.Policy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How workflows are drawn.
final class DiagramTest {
  private enum Size {
    SMALL,
    LARGE
  }

  private static Workflow<Integer> everything() {
    var inner = Workflow.graph("inner", Integer.class);
    var work = inner.step("work", n -> n);
    inner.start(work).path(work, inner.end());

    var g = Workflow.graph("every\"thing", Integer.class);
    var size =
        g.choice("size", Size.class, (n, ctx) -> Outcome.to(n > 9 ? Size.LARGE : Size.SMALL, n));
    var call = g.call("call", inner.build(), n -> n, (n, m) -> m);
    var papers =
        g.parallel(
            "papers",
            g.branch("invoice", String.class, (n, ctx) -> ""),
            g.branch("pack", String.class, (n, ctx) -> ""),
            (n, a, b) -> n);
    var load = g.map("load", n -> List.of(n), String.class, (n, ctx) -> "", (n, r) -> n);
    var pause = g.delay("pause", n -> Instant.EPOCH).with(Policy.within(Duration.ofDays(1)));
    var done = g.end("done");
    var failed = g.end("failed");
    g.start(size).path(call, papers, load, pause, done);
    size.on(Size.SMALL, pause).on(Size.LARGE, call);
    load.when("over \"1,000\" & <more>", n -> n > 1000, load);
    papers.onError(IOException.class, (n, e) -> n, failed);
    pause.onTimeout(n -> n, failed);
    return g.build();
  }

  private static Workflow<Integer> forks() {
    var g = Workflow.graph("forks", Integer.class);
    var split = g.step("split", n -> n);
    var a = g.step("a", n -> n);
    var b = g.step("b", n -> n);
    var again = g.join("again", Join.atLeast(1));
    var c = g.step("c", n -> n);
    var d = g.step("d", n -> n);
    var merge = g.step("merge", n -> n);
    split.fork(a, b);
    again.fork(c, d);
    g.start(split).path(a, again).path(b, again).path(c, merge, g.end()).path(d, merge);
    return g.build();
  }

  @Test
  void writesEachKindOfNodeAsMermaid() {
    assertThat(everything().mermaid())
        .isEqualTo(
            """
            flowchart TD
              nstart((" "))
              n0{"size"}
              subgraph n1["call: inner"]
                n1_start((" "))
                n1_0["work"]
                n1_1(["end"])
                n1_start --> n1_0
                n1_0 --> n1_1
              end
              subgraph n2["papers"]
                n2_0_0["invoice"]
                n2_1_0["pack"]
              end
              subgraph n3["load: for each"]
                n3_0["each"]
              end
              n4{{"pause"}}
              n5(["done"])
              n6(["failed"])
              nstart --> n0
              n0 -->|"SMALL"| n4
              n0 -->|"LARGE"| n1
              n1 --> n2
              n2 --> n3
              n2 -.->|"error IOException"| n6
              n3_0 -->|"over #34;1,000#34; #38; #60;more#62;"| n3_0
              n3 -->|"otherwise"| n4
              n4 --> n5
              n4 -.->|"timeout"| n6
              classDef bar fill:#333,stroke:#333,color:#fff
            """);
  }

  @Test
  void writesForksAndJoinsAsMermaid() {
    assertThat(forks().mermaid())
        .isEqualTo(
            """
            flowchart TD
              nstart((" "))
              n0["split"]
              n1["a"]
              n2["b"]
              n3["again: any"]:::bar
              n4["c"]
              n5["d"]
              n6["merge"]
              n7(["end"])
              n0fork[" "]:::bar
              n3fork[" "]:::bar
              n6join["all"]:::bar
              nstart --> n0
              n0 --> n0fork
              n0fork --> n1
              n0fork --> n2
              n1 --> n3
              n2 --> n3
              n3 --> n3fork
              n3fork --> n4
              n3fork --> n5
              n4 --> n6join
              n5 --> n6join
              n6 --> n7
              n6join --> n6
              classDef bar fill:#333,stroke:#333,color:#fff
            """);
  }

  @Test
  void writesEachKindOfNodeAsDot() {
    assertThat(everything().dot())
        .isEqualTo(
            """
            digraph "every\\"thing" {
              compound=true;
              node [shape=box];
              nstart [label="", shape=circle, width=0.2];
              n0 [label="size", shape=diamond];
              subgraph cluster_n1 {
                label="call: inner";
                n1_start [label="", shape=circle, width=0.2];
                n1_0 [label="work"];
                n1_1 [label="end", style=rounded];
                n1_start -> n1_0;
                n1_0 -> n1_1;
              }
              subgraph cluster_n2 {
                label="papers";
                n2_0_0 [label="invoice"];
                n2_1_0 [label="pack"];
              }
              subgraph cluster_n3 {
                label="load: for each";
                n3_0 [label="each"];
              }
              n4 [label="pause", shape=hexagon];
              n5 [label="done", style=rounded];
              n6 [label="failed", style=rounded];
              nstart -> n0;
              n0 -> n4 [label="SMALL"];
              n0 -> n1_start [label="LARGE", lhead=cluster_n1];
              n1_1 -> n2_0_0 [ltail=cluster_n1, lhead=cluster_n2];
              n2_1_0 -> n3_0 [ltail=cluster_n2, lhead=cluster_n3];
              n2_1_0 -> n6 [label="error IOException", ltail=cluster_n2, style=dashed];
              n3_0 -> n3_0 [label="over \\"1,000\\" & <more>"];
              n3_0 -> n4 [label="otherwise", ltail=cluster_n3];
              n4 -> n5;
              n4 -> n6 [label="timeout", style=dashed];
            }
            """);
  }

  @Test
  void writesForksAndJoinsAsDot() {
    assertThat(forks().dot())
        .isEqualTo(
            """
            digraph "forks" {
              compound=true;
              node [shape=box];
              nstart [label="", shape=circle, width=0.2];
              n0 [label="split"];
              n1 [label="a"];
              n2 [label="b"];
              n3 [label="again: any", style=filled, fillcolor=black, fontcolor=white, height=0.2];
              n4 [label="c"];
              n5 [label="d"];
              n6 [label="merge"];
              n7 [label="end", style=rounded];
              n0fork [label="", style=filled, fillcolor=black, height=0.06];
              n3fork [label="", style=filled, fillcolor=black, height=0.06];
              n6join [label="all", style=filled, fillcolor=black, fontcolor=white, height=0.2];
              nstart -> n0;
              n0 -> n0fork;
              n0fork -> n1;
              n0fork -> n2;
              n1 -> n3;
              n2 -> n3;
              n3 -> n3fork;
              n3fork -> n4;
              n3fork -> n5;
              n4 -> n6join;
              n5 -> n6join;
              n6 -> n7;
              n6join -> n6;
            }
            """);
  }

  @Test
  void drawsTheSameWorkflowAlike() {
    assertThat(everything().mermaid()).isEqualTo(everything().mermaid());
    assertThat(everything().dot()).isEqualTo(everything().dot());
  }
}
