package dev.pawl.examples;

import dev.pawl.engine.Engine;
import dev.pawl.engine.SignalOptions;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// A person decides: small expenses are paid at once, others when somebody has agreed.
public final class Approval {
  /// Somebody agrees, or does not.
  public static final Signal<Decision> DECISION = Signal.of("decision", Decision.class);

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private Approval() {}

  /// What somebody has spent.
  ///
  /// @param note what became of it
  public record Expense(String what, int euros, boolean agreed, String note) {
    Expense decided(Decision decision) {
      return new Expense(
          what, euros, decision.agreed(), (decision.agreed() ? "by " : "not by ") + decision.by());
    }

    Expense noted(String note) {
      return new Expense(what, euros, agreed, note);
    }

    boolean isSmall() {
      return euros <= 50;
    }
  }

  /// What a person says.
  public record Decision(boolean agreed, String by) {}

  /// Pays people back.
  public interface Treasury {
    /// Pays, once for each key.
    void pay(String key, int euros);
  }

  /// Asks where it must, and pays.
  public static Workflow<Expense> workflow(Treasury treasury) {
    var g = Workflow.graph("expenses", Expense.class);
    var file = g.step("file", expense -> expense);
    var decision =
        g.await("decision", DECISION, Expense::decided).with(Policy.within(Duration.ofDays(7)));
    var pay =
        g.step(
                "pay",
                (expense, ctx) -> {
                  treasury.pay(ctx.idempotencyKey(), expense.euros());
                  return expense;
                })
            .with(Policy.retry(Duration.ofSeconds(1), 5));
    var refused = g.end("refused");
    g.start(file).path(pay, g.end("paid"));
    file.when("small", Expense::isSmall, pay).otherwise(decision);
    decision
        .when("agreed", Expense::agreed, pay)
        .onTimeout(expense -> expense.noted("nobody decided"), refused)
        .otherwise(refused);
    return g.build();
  }

  /// Three expenses, of which two wait for Ann.
  ///
  /// @param args the file to keep runs in; `approval.db` without one
  public static void main(String[] args) throws InterruptedException {
    var path = Path.of(args.length > 0 ? args[0] : "approval.db");
    var expenses = workflow((key, euros) -> System.out.println("pays " + euros));
    var filed =
        List.of(
            new Expense("lunch", 12, false, ""),
            new Expense("laptop", 900, false, ""),
            new Expense("yacht", 90_000, false, ""));
    try (var engine = Engine.builder().sqlite(path).register(expenses).start()) {
      for (var expense : filed) {
        var run = engine.start(expenses, expense.what(), expense);
        var status = run.awaitStatus(Set.of(RunStatus.WAITING, RunStatus.COMPLETED), LIMIT);
        if (status == RunStatus.WAITING) {
          System.out.println("Ann is asked for the " + expense.what());
          // The id is that of her click: clicking twice decides once.
          var once = SignalOptions.DEFAULT.id("click on " + run.id());
          run.signal(DECISION, new Decision(expense.euros() < 1_000, "Ann"), once);
        }
        run.await(LIMIT);
        System.out.println(expense.what() + ": " + run.path().getLast());
      }
    }
  }
}
