package dev.pawl.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.Run;
import dev.pawl.engine.RunFailed;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Retry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class MachinesTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Policy RETRY = Policy.DEFAULT.retry(Retry.fixed(Duration.ofMillis(1), 3));

  @TempDir private Path directory;

  sealed interface Parcel {
    sealed interface Charged extends Parcel {}

    record Created(int cents) implements Parcel {}

    record Paid(String payment) implements Charged {}

    record Refused(String why) implements Charged {}

    record Lost(String payment) implements Parcel {}
  }

  enum Status {
    NEW,
    OPEN,
    CLOSED
  }

  record Ticket(Status status, int visits) {
    Ticket to(Status next) {
      return new Ticket(next, visits + 1);
    }
  }

  private static Workflow<Parcel> parcels(Duration patience) {
    return Workflow.machine("parcel", Parcel.class)
        .on(
            Parcel.Created.class,
            Parcel.Charged.class,
            (created, ctx) -> {
              if (ctx.attempt() < 2) {
                throw new IOException("bank is down");
              }
              return created.cents() > 0
                  ? new Parcel.Paid("p" + created.cents())
                  : new Parcel.Refused("nothing to pay");
            })
        .with(Parcel.Created.class, RETRY)
        .onTimeout(
            Parcel.Paid.class,
            patience,
            Parcel.Lost.class,
            (paid, ctx) -> new Parcel.Lost(paid.payment()))
        .ends(Parcel.Refused.class, Parcel.Lost.class)
        .build();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void goFromStatusToStatusOfASealedInterface(Place place) throws Exception {
    var workflow = parcels(Duration.ofMillis(100));
    try (var engine = place.open(directory)) {

      var paid = engine.start(workflow, "paid", new Parcel.Created(7));
      var refused = engine.start(workflow, "refused", new Parcel.Created(0));

      assertThat(paid.result(LIMIT))
          .isEqualTo(new Run.Result.Completed<>("Lost", new Parcel.Lost("p7")));
      assertThat(refused.result(LIMIT))
          .isEqualTo(new Run.Result.Completed<>("Refused", new Parcel.Refused("nothing to pay")));
      assertThat(paid.path()).containsExactly("start", "Created", "Paid", "Lost");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void goRoundBetweenTheConstantsOfAnEnum(Place place) throws Exception {
    var workflow =
        Workflow.machine("ticket", Ticket.class, Status.class, Ticket::status)
            .on(Status.NEW, (ticket, ctx) -> ticket.to(Status.OPEN), Status.OPEN)
            .on(
                Status.OPEN,
                (ticket, ctx) -> ticket.to(ticket.visits() < 9 ? Status.OPEN : Status.CLOSED),
                Status.OPEN,
                Status.CLOSED)
            .ends(Status.CLOSED)
            .build();
    try (var engine = place.open(directory)) {

      var result = engine.start(workflow, "k", new Ticket(Status.NEW, 0)).result(LIMIT);

      assertThat(result)
          .isEqualTo(new Run.Result.Completed<>("CLOSED", new Ticket(Status.CLOSED, 10)));
    }
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void failWhereAHandlerLeadsToAnUndeclaredStatus(Place place) {
    var workflow =
        Workflow.machine("stray", Ticket.class, Status.class, Ticket::status)
            .on(Status.NEW, (ticket, ctx) -> ticket.to(Status.OPEN), Status.CLOSED)
            .on(Status.OPEN, (ticket, ctx) -> ticket.to(Status.CLOSED), Status.CLOSED)
            .ends(Status.CLOSED)
            .build();

    assertThatThrownBy(() -> place.run(workflow, new Ticket(Status.NEW, 0)))
        .isInstanceOfSatisfying(RunFailed.class, e -> assertThat(e.node()).isEqualTo("NEW"));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void repeatATimeoutHandlerThatFails(Place place) throws Exception {
    var workflow =
        Workflow.machine("late", Ticket.class, Status.class, Ticket::status)
            .onTimeout(
                Status.NEW,
                Duration.ofMillis(20),
                (ticket, ctx) -> {
                  if (ctx.attempt() < 3) {
                    throw new IOException("down");
                  }
                  return ticket.to(Status.CLOSED);
                },
                Status.CLOSED)
            .on(Status.OPEN, (ticket, ctx) -> ticket.to(Status.CLOSED), Status.CLOSED)
            .with(Status.NEW, RETRY)
            .ends(Status.CLOSED)
            .build();
    try (var engine = place.open(directory)) {
      var run = engine.start(workflow, "k", new Ticket(Status.NEW, 0));

      assertThat(run.await(LIMIT).status()).isEqualTo(Status.CLOSED);
      assertThat(run.history(0, 100)).anySatisfy(row -> assertThat(row.error()).isPresent());
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void callOneTimeoutHandlerOnceThoughTheRunIsPausedAndTheProcessEnds(Place place) {
    var called = new ArrayList<String>();
    var builder = Workflow.machine("waiting", Ticket.class, Status.class, Ticket::status);
    for (int days = 2; days > 0; days--) {
      var handler = "after " + days;
      builder.onTimeout(
          Status.NEW,
          Duration.ofDays(days),
          (ticket, ctx) -> {
            called.add(handler);
            return ticket.to(Status.OPEN);
          },
          Status.OPEN);
    }
    builder.onTimeout(
        Status.OPEN, Duration.ofDays(3), (ticket, ctx) -> ticket.to(Status.CLOSED), Status.CLOSED);
    var waiting = builder.ends(Status.CLOSED).build();
    try (var engine = place.inVirtualTime(directory, waiting)) {
      var run = engine.start(waiting, "k", new Ticket(Status.NEW, 0));
      for (int round = 0; round < 3; round++) {
        engine.advance(Duration.ofHours(1));
        run.pause("lunch");
        engine.restart();
        run.resume();
      }
      engine.advance(Duration.ofDays(30));

      assertThat(called).containsExactly("after 1");
      assertThat(run.state()).isEqualTo(new Ticket(Status.CLOSED, 2));
    }
  }
}
