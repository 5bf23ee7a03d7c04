package dev.pawl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final StringWriter err = new StringWriter();

  private Progress of(Progress.Form form, Tally tally) {
    return new Progress(new PrintWriter(err), form, tally);
  }

  @Test
  void expectsTheOrdersThatAreNotReadYet() {
    var tally = new Tally(OptionalLong.of(100));
    tally.started.set(40);
    tally.completed.set(19);
    tally.failed.set(1);
    tally.invalid.set(4);
    tally.repeated.set(6);

    of(Progress.Form.LINES, tally).finish();

    assertThat(err.toString())
        .startsWith("20/90 runs, 20 open, 19 completed, 1 failed, ")
        .containsPattern("runs/s, [0-9]+ s left\\R$");
  }

  @Test
  void guessesNoTimeWhenItKnowsNoTotal() {
    var tally = new Tally(OptionalLong.empty());
    tally.started.set(2);

    of(Progress.Form.LINES, tally).finish();

    assertThat(err.toString()).startsWith("0/? runs, 2 open, ").doesNotContain("left");
  }

  @Test
  void drawsABarAndKeepsOtherLinesApartFromIt() {
    var tally = new Tally(OptionalLong.of(2));
    tally.started.set(1);
    tally.completed.set(1);
    var progress = of(Progress.Form.BAR, tally);

    progress.say("something else");
    progress.finish();

    assertThat(err.toString())
        .contains("\r\033[Ksomething else" + System.lineSeparator())
        .contains("\r\033[K[" + "#".repeat(15) + ".".repeat(15) + "] 1/2 runs, 0 open");
  }
}
