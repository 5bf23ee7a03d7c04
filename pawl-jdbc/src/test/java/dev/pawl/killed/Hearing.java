package dev.pawl.killed;

import dev.pawl.engine.Engine;
import dev.pawl.engine.SignalOptions;
import dev.pawl.engine.StartOptions;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// A run that is busy while all words are sent to it, and then uses them one after the other. Each
/// process sends all of them, under the same ids.
final class Hearing {
  static final List<String> WORDS = List.of("one", "two", "three", "four", "five");
  private static final Signal<String> WORD = Signal.of("word", String.class);

  private Hearing() {}

  record Heard(List<String> words) {
    Heard with(String word) {
      var more = new ArrayList<>(words);
      more.add(word);
      return new Heard(more);
    }

    boolean isAll() {
      return words.size() == WORDS.size();
    }
  }

  /// @param sent is open when all words have been sent
  static Workflow<Heard> workflow(Journal journal, CountDownLatch sent) {
    var g = Workflow.graph("hearing", Heard.class);
    var busy =
        g.step(
            "busy",
            (heard, ctx) -> {
              sent.await();
              journal.dieAt("busy");
              return heard;
            });
    var listen =
        g.await(
            "listen",
            WORD,
            (heard, word) -> {
              journal.note("uses " + word);
              if (word.equals("one") || word.equals("four")) {
                journal.dieAt("with " + word);
              }
              return heard.with(word);
            });
    var last =
        g.step(
            "last",
            (heard, ctx) -> {
              sent.await();
              journal.dieAt("last");
              return heard;
            });
    g.start(busy).path(busy, listen);
    listen.when("all", Heard::isAll, last).otherwise(listen);
    g.path(last, g.end());
    return g.build();
  }

  public static void main(String[] args) throws Exception {
    var folder = Path.of(args[0]);
    var sent = new CountDownLatch(1);
    var hearing = workflow(Journal.in(folder), sent);
    try (var engine =
        Engine.builder().sqlite(folder.resolve("pawl.db")).register(hearing).start()) {
      var once = StartOptions.DEFAULT.request("r");
      var run = engine.start(hearing, "r", new Heard(List.of()), once);
      for (var word : WORDS) {
        run.signal(WORD, word, SignalOptions.DEFAULT.id(word));
      }
      sent.countDown();
      run.await(Duration.ofMinutes(1));
    }
  }
}
