package dev.pawl.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.pawl.workflow.model.Exits;
import dev.pawl.workflow.model.NodeModel;
import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Policy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// State machines over the constants of an enum.
final class StatusMachineTest {
  private enum Status {
    OPEN,
    WAITING,
    DONE,
    DROPPED
  }

  private record Ticket(Status status, int tries) {
    Ticket to(Status next) {
      return new Ticket(next, tries + 1);
    }
  }

  private static StatusMachine<Ticket, Status> tickets() {
    return Workflow.machine("tickets", Ticket.class, Status.class, Ticket::status)
        .on(Status.OPEN, (ticket, ctx) -> ticket.to(Status.WAITING), Status.WAITING, Status.DONE)
        .onTimeout(
            Status.WAITING,
            Duration.ofMinutes(5),
            (ticket, ctx) -> ticket.to(Status.OPEN),
            Status.OPEN,
            Status.DROPPED)
        .ends(Status.DONE, Status.DROPPED);
  }

  @Test
  void makesANodeOfEachConstant() {
    assertThat(tickets().build().definition().nodes())
        .extracting(NodeModel::name)
        .containsExactly("start", "OPEN", "WAITING", "DONE", "DROPPED");
    assertThat(node(tickets(), "WAITING").work()).isInstanceOf(Work.Await.class);
  }

  @Test
  void leadsOnlyToTheNamedStatuses() {
    var edges = node(tickets(), "OPEN").exits().edges();

    assertThat(edges).extracting(Exits.Edge::label).containsExactly("WAITING", "DONE");
    assertThat(accepting(edges, Status.DONE)).containsExactly("DONE");
    assertThat(accepting(edges, Status.DROPPED)).isEmpty();
  }

  @Test
  void startsInAnyStatusThatIsNoEnd() {
    var edges = node(tickets(), "start").exits().edges();

    assertThat(edges).extracting(Exits.Edge::label).containsExactly("OPEN", "WAITING");
  }

  @Test
  void runsAStatusUnderItsPolicy() {
    var retry = Policy.retry(Duration.ofSeconds(1), 3);

    var definition = tickets().with(Status.OPEN, retry).version("7").build().definition();

    assertThat(definition.node(1).policy()).isEqualTo(retry);
    assertThat(definition.version()).isEqualTo("7");
  }

  @Test
  void reportsStatusesWithoutHandlerAndStepsWithoutTarget() {
    var machine =
        Workflow.machine("tickets", Ticket.class, Status.class, Ticket::status)
            .on(Status.OPEN, (ticket, ctx) -> ticket)
            .on(Status.WAITING, (ticket, ctx) -> ticket, Status.DONE, Status.OPEN)
            .ends(Status.DONE);

    assertThat(problems(machine))
        .contains(
            new Problem(
                Problem.Severity.ERROR,
                "OPEN",
                "it leads to no status",
                "name those that its step may lead to"),
            new Problem(
                Problem.Severity.ERROR,
                "DROPPED",
                "nothing handles this status, and it is no end",
                "handle it with on(...) or onTimeout(...), or name it in ends(...)"));
  }

  @Test
  void reportsStatusesThatNeverEnd() {
    var machine =
        Workflow.machine("tickets", Ticket.class, Status.class, Ticket::status)
            .on(Status.OPEN, (ticket, ctx) -> ticket, Status.WAITING)
            .on(Status.WAITING, (ticket, ctx) -> ticket, Status.OPEN)
            .on(Status.DROPPED, (ticket, ctx) -> ticket, Status.DONE)
            .ends(Status.DONE);

    assertThat(problems(machine))
        .extracting(Problem::node, Problem::message)
        .containsExactly(
            tuple("OPEN", "no way leads from it to an end"),
            tuple("WAITING", "no way leads from it to an end"));
  }

  private static NodeModel<Ticket> node(StatusMachine<Ticket, Status> machine, String name) {
    return machine.build().definition().nodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> accepting(List<Exits.Edge<Ticket>> edges, Status status) {
    return edges.stream()
        .filter(edge -> edge.test().orElseThrow().test(new Ticket(status, 0)))
        .map(Exits.Edge::label)
        .toList();
  }

  private static List<Problem> problems(StatusMachine<?, ?> machine) {
    try {
      return machine.build().warnings();
    } catch (InvalidWorkflow invalid) {
      return invalid.problems();
    }
  }
}
