package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.SignalOptions;
import dev.pawl.engine.Start;
import dev.pawl.store.Store;
import dev.pawl.workflow.RunStatus;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Signal;
import org.junit.jupiter.api.Test;

/// Signals that a test engine sends to runs by their key, or to many.
final class SentSignalsTest {
  private static final Signal<String> WORD = Signal.of("word", String.class);

  private final Workflow<String> talk = talk();

  private static Workflow<String> talk() {
    var g = Workflow.graph("talk", String.class);
    var hear = g.await("hear", WORD, (text, word) -> text + word);
    var say = g.step("say", text -> text + "!");
    g.start(hear).path(hear, say, g.end());
    return g.build();
  }

  @Test
  void startARunOrReachTheOneThatIsOpen() {
    try (var engine = TestEngine.of(talk)) {
      engine.at("say").crashesAfterEffect(1);
      var started =
          engine.signalWithStart(Start.of(talk, "a", "hello "), WORD, "you", SignalOptions.DEFAULT);
      var open = engine.start(talk, "b", "hello ");
      var reached =
          engine.signalWithStart(Start.of(talk, "b", "bye "), WORD, "me", SignalOptions.DEFAULT);
      engine.settle();

      assertThat(started.state()).isEqualTo("hello you!");
      assertThat(started.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(reached.id()).isEqualTo(open.id());
      assertThat(reached.state()).isEqualTo("hello me!");
    }
  }

  @Test
  void reachAllThatAreOpen() {
    try (var engine = TestEngine.of(talk)) {
      var first = engine.start(talk, "a", "");
      var second = engine.start(talk, "b", "");
      engine.settle();

      var signalled = engine.signalAll(talk, Store.Filter.ALL, WORD, "all", SignalOptions.DEFAULT);
      engine.settle();

      assertThat(signalled.accepted()).isEqualTo(2);
      assertThat(first.state()).isEqualTo("all!");
      assertThat(second.state()).isEqualTo("all!");
    }
  }

  @Test
  void needAWorkflowThatTheEngineHas() {
    try (var engine = TestEngine.of(talk)) {
      var other = talk();

      assertThatThrownBy(() ->
              engine.signalWithStart(Start.of(other, "a", ""), WORD, "you", SignalOptions.DEFAULT))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("this engine was made with another workflow talk");
    }
  }
}
