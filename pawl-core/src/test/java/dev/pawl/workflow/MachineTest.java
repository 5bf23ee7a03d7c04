package dev.pawl.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.workflow.model.Exits;
import dev.pawl.workflow.model.NodeModel;
import dev.pawl.workflow.model.Work;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// State machines over a sealed interface.
final class MachineTest {
  private sealed interface Parcel permits Charged, Created, Shipped {}

  private sealed interface Charged extends Parcel permits Paid, Cancelled {}

  private record Created(long cents) implements Parcel {}

  private record Paid(String payment) implements Charged {}

  private record Cancelled(String why) implements Charged {}

  private record Shipped(String carrier) implements Parcel {}

  private static Machine<Parcel> parcel() {
    return Workflow.machine("parcel", Parcel.class)
        .on(
            Created.class,
            Charged.class,
            (created, ctx) ->
                created.cents() <= 0 ? new Cancelled("nothing to pay") : new Paid("p1"))
        .onTimeout(
            Paid.class, Duration.ofDays(3), Shipped.class, (paid, ctx) -> new Shipped("post"))
        .ends(Shipped.class, Cancelled.class);
  }

  @Test
  void makesANodeOfEachStatus() {
    var definition = parcel().version("2").build().definition();

    assertThat(definition.nodes())
        .extracting(NodeModel::name)
        .containsExactly("start", "Paid", "Cancelled", "Created", "Shipped");
    assertThat(definition.version()).isEqualTo("2");
    assertThat(definition.start()).isZero();
    assertThat(node(parcel(), "Shipped").work()).isInstanceOf(Work.End.class);
  }

  @Test
  void startsInAnyStatusThatIsNoEnd() {
    var edges = node(parcel(), "start").exits().edges();

    assertThat(edges).extracting(Exits.Edge::label).containsExactly("Paid", "Created");
    assertThat(accepting(edges, new Paid("p1"))).containsExactly("Paid");
    assertThat(accepting(edges, new Created(1))).containsExactly("Created");
    assertThat(accepting(edges, new Cancelled(""))).isEmpty();
  }

  @Test
  void leadsToEachStatusThatASealedInterfacePermits() throws Exception {
    var created = node(parcel(), "Created");
    var edges = created.exits().edges();
    var step = ((Work.Run<Parcel>) created.work()).step();

    assertThat(edges).extracting(Exits.Edge::label).containsExactly("Paid", "Cancelled");
    assertThat(accepting(edges, step.run(new Created(5), null))).containsExactly("Paid");
    assertThat(accepting(edges, step.run(new Created(0), null))).containsExactly("Cancelled");
  }

  @Test
  void waitsInAStatusThatOnlyHasATimeout() throws Exception {
    var paid = node(parcel(), "Paid");
    var timer = ((Work.Await<Parcel>) paid.work()).timers().getFirst();

    assertThat(timer.until().at(new Paid("p1"), Instant.EPOCH))
        .isEqualTo(Instant.EPOCH.plus(Duration.ofDays(3)));
    assertThat(timer.then().run(new Paid("p1"), null)).isEqualTo(new Shipped("post"));
    assertThat(paid.exits().edges()).extracting(Exits.Edge::label).containsExactly("Shipped");
  }

  @Test
  void limitsTheVisitOfAStatusThatHasATimeoutBesideItsHandler() throws Exception {
    var machine =
        parcel()
            .with(Created.class, Policy.retry(Duration.ofSeconds(1), 5))
            .onTimeout(
                Created.class,
                Duration.ofHours(1),
                Cancelled.class,
                (created, ctx) -> new Cancelled("late"));

    var created = node(machine, "Created");
    var timeout = created.exits().timeout().orElseThrow();

    assertThat(created.policy().perVisit()).isEqualTo(Duration.ofHours(1));
    assertThat(created.policy().retry().attempts()).isEqualTo(5);
    assertThat(machine.build().definition().node(timeout.target()).name()).isEqualTo("Cancelled");
    assertThat(timeout.change().run(new Created(1), null)).isEqualTo(new Cancelled("late"));
  }

  @Test
  void handlesAllStatusesThatASealedInterfacePermits() {
    var machine =
        Workflow.machine("parcel", Parcel.class)
            .on(Charged.class, Shipped.class, (charged, ctx) -> new Shipped("" + charged))
            .on(Created.class, Paid.class, (created, ctx) -> new Paid("p1"))
            .with(Charged.class, Policy.within(Duration.ofDays(1)))
            .ends(Shipped.class);

    assertThat(node(machine, "Paid").policy()).isEqualTo(Policy.within(Duration.ofDays(1)));
    assertThat(node(machine, "Cancelled").policy()).isEqualTo(Policy.within(Duration.ofDays(1)));
  }

  @Test
  void reportsAStatusThatNothingHandles() {
    var machine =
        Workflow.machine("parcel", Parcel.class)
            .on(Created.class, Charged.class, (created, ctx) -> new Paid("p1"))
            .ends(Shipped.class, Cancelled.class);

    assertThat(problems(machine))
        .containsExactly(
            error(
                "Paid",
                "nothing handles this status, and it is no end",
                "handle it with on(...) or onTimeout(...), or name it in ends(...)"),
            error(
                "Shipped",
                "no way leads to it from the start",
                "lead an edge to it, or remove it"));
  }

  @Test
  void reportsAnEndThatIsHandled() {
    assertThat(problems(parcel().ends(Created.class)))
        .containsExactly(
            error(
                "Created",
                "it is an end, but is handled",
                "take it out of ends(...), or do not handle it"));
  }

  @Test
  void reportsASecondHandlerAndASecondTimeout() {
    var machine =
        parcel()
            .on(Created.class, Paid.class, (created, ctx) -> new Paid("p2"))
            .onTimeout(Created.class, Duration.ofDays(1), Paid.class, (c, x) -> new Paid("p3"))
            .onTimeout(Created.class, Duration.ofDays(2), Paid.class, (c, x) -> new Paid("p4"));

    assertThat(problems(machine))
        .containsExactly(
            error("Created", "it has 2 handlers", "keep one of them"),
            error("Created", "it has 2 timeouts beside its handler", "keep one of them"),
            error("Created", "it has 2 timeout edges", "keep one of them"));
  }

  @Test
  void reportsATimeoutBesideAHandlerThatLeadsToSeveralStatuses() {
    var machine =
        parcel()
            .onTimeout(
                Created.class, Duration.ofDays(1), Charged.class, (c, ctx) -> new Cancelled(""));

    assertThat(problems(machine))
        .containsExactly(
            error(
                "Created",
                "its timeout leads to several statuses: Paid, Cancelled",
                "lead it to one, as there is a handler besides"));
  }

  @Test
  void reportsACheckOfASignalThatTheStatusDoesNotHandle() {
    var machine =
        parcel().check(Created.class, Signal.of("note", String.class), (created, note) -> {});

    assertThat(problems(machine))
        .containsExactly(
            error(
                "Created",
                "it checks signal note, which it does not handle",
                "handle it with onSignal(...) or update(...)"));
  }

  @Test
  void reportsATypeThatIsNotSealed() {
    var machine =
        Workflow.machine("any", Comparable.class)
            .on(String.class, Integer.class, (text, ctx) -> 1)
            .ends(Integer.class);

    assertThat(problems(machine))
        .contains(
            error(
                "",
                "Comparable is not sealed, so its statuses are unknown",
                "use a sealed interface, or machine(name, state, enum, status)"),
            error("", "String is not a status of this machine", "use one of Comparable"));
  }

  @Test
  void refusesATimeoutAfterNoTime() {
    var machine = parcel();

    assertThatThrownBy(() ->
            machine.onTimeout(
                Created.class, Duration.ZERO, Shipped.class, (c, ctx) -> new Shipped("")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Created: a timeout comes after some time, at most 36,500 days, not after PT0S");
  }

  @Test
  void leavesABuiltWorkflowAloneWhenTheMachineChanges() {
    var machine = parcel();
    var built = machine.build();

    machine.with(Created.class, Policy.within(Duration.ofDays(1))).version("2");

    assertThat(built.version()).isEqualTo("1");
    assertThat(built.definition().node(3).policy()).isEqualTo(Policy.DEFAULT);
    assertThat(machine.build().definition().node(3).policy()).isNotEqualTo(Policy.DEFAULT);
  }

  private static NodeModel<Parcel> node(Machine<Parcel> machine, String name) {
    return machine.build().definition().nodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> accepting(List<Exits.Edge<Parcel>> edges, Parcel state) {
    return edges.stream()
        .filter(edge -> edge.test().orElseThrow().test(state))
        .map(Exits.Edge::label)
        .toList();
  }

  private static Problem error(String node, String message, String mend) {
    return new Problem(Problem.Severity.ERROR, node, message, mend);
  }

  private static List<Problem> problems(Machine<?> machine) {
    try {
      return machine.build().warnings();
    } catch (InvalidWorkflow invalid) {
      return invalid.problems();
    }
  }
}
