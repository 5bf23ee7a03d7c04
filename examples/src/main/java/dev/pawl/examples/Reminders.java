package dev.pawl.examples;

import dev.pawl.engine.Engine;
import dev.pawl.engine.Run.Result;
import dev.pawl.engine.SignalOptions;
import dev.pawl.engine.Start;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/// A wait with a timeout: a guest who does not answer is reminded twice, and then not waited for
/// any longer. The waits hold no thread, and outlive the process.
public final class Reminders {
  /// The guest says whether they come.
  public static final Signal<String> ANSWER = Signal.of("answer", String.class);

  private Reminders() {}

  /// A guest who was invited.
  ///
  /// @param reminders how often they were reminded
  /// @param answer what they said; empty before
  public record Guest(String name, int reminders, String answer) {
    Guest reminded() {
      return new Guest(name, reminders + 1, answer);
    }

    Guest answered(String answer) {
      return new Guest(name, reminders, answer);
    }
  }

  /// Invites, and reminds.
  ///
  /// @param mail sends a letter; may send it twice when the process dies
  /// @param patience how long a guest may take each time
  public static Workflow<Guest> workflow(Consumer<String> mail, Duration patience) {
    var g = Workflow.graph("guests", Guest.class);
    var invite =
        g.step(
            "invite",
            guest -> {
              mail.accept("dear " + guest.name() + ", please come");
              return guest;
            });
    var answer = g.await("answer", ANSWER, Guest::answered).with(Policy.within(patience));
    var late = g.step("late", guest -> guest);
    var remind =
        g.step(
            "remind",
            guest -> {
              mail.accept("dear " + guest.name() + ", do you come?");
              return guest.reminded();
            });
    g.start(invite).path(invite, answer, g.end("answered")).path(remind, answer);
    answer.onTimeout(guest -> guest, late);
    late.when("once more", guest -> guest.reminders() < 2, remind).otherwise(g.end("silent"));
    return g.build();
  }

  /// Ada's answer is there before she is asked, and waits for the question. Bob never answers.
  ///
  /// @param args the file to keep runs in; `reminders.db` without one
  public static void main(String[] args) throws InterruptedException {
    var file = Path.of(args.length > 0 ? args[0] : "reminders.db");
    var guests = workflow(System.out::println, Duration.ofMillis(200));
    try (var engine = Engine.builder().sqlite(file).register(guests).start()) {
      for (var name : new String[] {"Ada", "Bob"}) {
        var invited = new Guest(name, 0, "");
        var run =
            name.equals("Ada")
                ? engine.signalWithStart(
                    Start.of(guests, name, invited), ANSWER, "with pleasure", SignalOptions.DEFAULT)
                : engine.start(guests, name, invited);
        if (run.result(Duration.ofSeconds(10))
            instanceof Result.Completed<Guest>(var end, var guest)) {
          System.out.println(name + ": " + end + ", after " + guest.reminders() + " reminders");
        }
      }
    }
  }
}
