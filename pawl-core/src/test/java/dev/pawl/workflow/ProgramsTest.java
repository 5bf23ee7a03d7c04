package dev.pawl.workflow;

import static dev.pawl.workflow.step.Outcome.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.workflow.model.NodeModel;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Results;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Programs as users write them compile without a cast, a type argument or a warning, and build.
final class ProgramsTest {
  /// An agent: model and tools.
  static final class Agent {
    record Message(String role, String text) {}

    record Call(String id, String tool, boolean risky, @Nullable String result) {
      Call answered(String result) {
        return new Call(id, tool, risky, result);
      }
    }

    record Reply(String text, List<Call> calls) {}

    record Chat(List<Message> messages, List<Call> calls) {
      Chat said(Reply r) {
        return new Chat(plus(messages, List.of(new Message("assistant", r.text()))), r.calls());
      }

      Chat heard(Results<Call, Call> results) {
        var answers =
            results.values().stream().map(c -> new Message("tool", c.tool() + c.result())).toList();
        return new Chat(plus(messages, answers), List.of());
      }

      private static List<Message> plus(List<Message> old, List<Message> more) {
        var all = new ArrayList<>(old);
        all.addAll(more);
        return List.copyOf(all);
      }
    }

    interface Model {
      Reply reply(List<Message> messages) throws IOException;
    }

    interface Tools {
      String run(String tool, String idempotencyKey) throws Exception;
    }

    enum Next {
      TOOLS,
      ANSWER
    }

    static Workflow<Call> toolCall(Tools tools) {
      var g = Workflow.graph("tool-call", Call.class);
      var gate = g.step("gate", call -> call);
      var run =
          g.step("run", (call, ctx) -> call.answered(tools.run(call.tool(), ctx.idempotencyKey())))
              .with(Policy.retry(Duration.ofSeconds(1), 3));
      var done = g.end();
      g.start(gate).path(run, done);
      gate.when("risky", Call::risky, done).otherwise(run);
      run.onError(Exception.class, (call, e) -> call.answered("error: " + e.getMessage()), done);
      return g.build();
    }

    static Workflow<Chat> workflow(Model model, Tools tools) {
      var g = Workflow.graph("agent", Chat.class);
      var think =
          g.choice(
                  "think",
                  Next.class,
                  (chat, ctx) -> {
                    var next = chat.said(model.reply(chat.messages()));
                    return next.calls().isEmpty() ? to(Next.ANSWER, next) : to(Next.TOOLS, next);
                  })
              .with(Policy.retry(Duration.ofSeconds(1), 5));
      var act = g.map("act", Chat::calls, toolCall(tools), Chat::heard).key(Call::id).width(8);
      g.start(think).path(act, think);
      think.on(Next.TOOLS, act).on(Next.ANSWER, g.end());
      return g.build();
    }
  }

  /// A bulk load: failed rows are tried again.
  static final class Import {
    record Row(int line, String text) {}

    record Loaded(int line, long id) {}

    record Batch(String file, List<Row> rows, int loaded, List<Row> failed, int rounds) {
      Batch counted(Results<Row, Loaded> r) {
        return new Batch(
            file,
            List.of(),
            loaded + r.done(),
            r.failures().stream().map(Results.Failed::input).toList(),
            rounds + 1);
      }

      Batch again() {
        return new Batch(file, failed, loaded, List.of(), rounds);
      }

      boolean mayRetry() {
        return !failed.isEmpty() && rounds < 3;
      }
    }

    interface Source {
      List<Row> read(String file) throws IOException;
    }

    interface Sink {
      long insert(Row row) throws IOException;
    }

    static final Field<Batch, List<Row>> ROWS = Field.of(Batch::rows);

    static Workflow<Batch> workflow(Source source, Sink sink) {
      var g = Workflow.graph("import", Batch.class);
      var read = g.step("read", Batch::file, (file, ctx) -> source.read(file), ROWS);
      var load =
          g.map(
                  "load",
                  Batch::rows,
                  Loaded.class,
                  (row, ctx) -> new Loaded(row.line(), sink.insert(row)),
                  Batch::counted)
              .key(row -> "line-" + row.line())
              .width(50)
              .tolerate(0.05)
              .with(Policy.retry(Duration.ofMillis(100), 3));
      var again = g.step("again", Batch::again);
      var report = g.step("report", (batch, ctx) -> batch);
      g.start(read).path(read, load).path(again, load).path(report, g.end());
      load.when("failed rows", Batch::mayRetry, again).otherwise(report);
      return g.build();
    }
  }

  /// A payment order: review, error edges, parallel tail.
  static final class Orders {
    record Line(String sku, int quantity, BigDecimal unitPrice) {
      BigDecimal price() {
        return unitPrice.multiply(BigDecimal.valueOf(quantity));
      }
    }

    enum Status {
      NEW,
      DECLINED,
      SHIPPED
    }

    record Order(
        String id,
        List<Line> lines,
        Status status,
        @Nullable String reservation,
        @Nullable String payment,
        @Nullable String invoice,
        @Nullable String label,
        @Nullable String note) {
      BigDecimal total() {
        return lines.stream().map(Line::price).reduce(BigDecimal.ZERO, BigDecimal::add);
      }

      boolean needsReview() {
        return total().compareTo(new BigDecimal("1000.00")) > 0;
      }

      Order declined(Declined e) {
        return with(Status.DECLINED, e.getMessage());
      }

      Order with(Status s, @Nullable String n) {
        return new Order(id, lines, s, reservation, payment, invoice, label, n);
      }

      Order packed(String invoice, String label) {
        return new Order(id, lines, status, reservation, payment, invoice, label, note);
      }
    }

    static final class Declined extends Exception {
      private static final long serialVersionUID = 1;
    }

    interface Bank {
      String charge(String idempotencyKey, BigDecimal amount) throws Declined, IOException;
    }

    interface Stock {
      String reserve(String idempotencyKey, List<Line> lines);
    }

    interface Shipping {
      String invoice(Order o);

      String label(Order o) throws IOException;

      void dispatch(Order o);
    }

    static final Field<Order, String> RESERVATION = Field.of(Order::reservation);
    static final Field<Order, String> PAYMENT = Field.of(Order::payment);
    static final Policy CALL =
        Policy.retry(Duration.ofMillis(200), 8)
            .never(Declined.class)
            .timeout(Duration.ofSeconds(20));

    static Workflow<Order> workflow(Bank bank, Stock stock, Shipping shipping) {
      var g = Workflow.graph("orders", Order.class);

      var validate =
          g.step(
              "validate",
              order -> {
                if (order.lines().isEmpty()) {
                  throw new IllegalArgumentException("no lines");
                }
                return order;
              });
      var reserve =
          g.step(
                  "reserve",
                  Order::lines,
                  (lines, ctx) -> stock.reserve(ctx.idempotencyKey(), lines),
                  RESERVATION)
              .with(CALL);
      var charge =
          g.step(
                  "charge",
                  Order::total,
                  (total, ctx) -> bank.charge(ctx.idempotencyKey(), total),
                  PAYMENT)
              .with(CALL);
      var papers =
          g.parallel(
              "papers",
              g.branch("invoice", String.class, (order, ctx) -> shipping.invoice(order)),
              g.branch("pack", String.class, (order, ctx) -> shipping.label(order)).with(CALL),
              Order::packed);
      var ship =
          g.step(
              "ship",
              (order, ctx) -> {
                ctx.once("dispatch", () -> shipping.dispatch(order));
                return order.with(Status.SHIPPED, "");
              });
      var shipped = g.end("shipped");
      var refused = g.end("refused");

      g.start(validate).path(validate, reserve).path(charge, papers, ship, shipped);
      reserve.when("over 1,000", Order::needsReview, refused).otherwise(charge);
      charge.onError(Declined.class, Order::declined, refused);
      return g.build();
    }
  }

  @Test
  void buildsAnAgent() {
    var agent = Agent.workflow(messages -> new Agent.Reply("", List.of()), (tool, key) -> "");

    assertThat(names(agent)).containsExactly("think", "act", "end");
    assertThat(agent.warnings()).isEmpty();
  }

  @Test
  void buildsAnImport() {
    var load = Import.workflow(file -> List.of(), row -> 1);

    assertThat(names(load)).containsExactly("read", "load", "again", "report", "end");
    assertThat(load.warnings()).isEmpty();
  }

  @Test
  void buildsOrders() {
    var orders = Orders.workflow(null, null, null);

    assertThat(names(orders))
        .containsExactly("validate", "reserve", "charge", "papers", "ship", "shipped", "refused");
    assertThat(orders.warnings()).isEmpty();
  }

  private static List<String> names(Workflow<?> workflow) {
    return workflow.definition().nodes().stream().map(NodeModel::name).toList();
  }
}
