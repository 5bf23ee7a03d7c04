package dev.pawl.examples.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.engine.Engine;
import dev.pawl.engine.Run;
import dev.pawl.examples.Printed;
import dev.pawl.examples.flows.Agent.Approval;
import dev.pawl.examples.flows.Agent.Call;
import dev.pawl.examples.flows.Agent.Chat;
import dev.pawl.examples.flows.Agent.Message;
import dev.pawl.examples.flows.Agent.Reply;
import dev.pawl.testkit.TestEngine;
import dev.pawl.workflow.Workflow;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AgentTest {
  final List<String> ran = new ArrayList<>();
  final Chat question = new Chat(List.of(new Message("user", "book a flight")), List.of());
  final Workflow<Chat> agent =
      Agent.workflow(
          (messages, token) -> {
            token.accept("hm");
            return messages.size() > 1
                ? new Reply("done", List.of())
                : new Reply(
                    "looking",
                    List.of(
                        new Call("call-1", "book", "{}", true, false, ""),
                        new Call("call-2", "search", "{}", false, true, "")));
          },
          (tool, arguments, key) -> {
            ran.add(tool);
            return "ok";
          });

  @Test
  void asksBeforeARiskyCallOnly() {
    try (var engine = TestEngine.of(agent)) {
      var run = engine.start(agent, "chat-7", question);
      engine.settle();
      assertThat(run.waitingAt()).containsExactly("act/approval");
      assertThat(ran).containsExactly("search");
      engine.restart();

      run.signal(Agent.APPROVAL, "call-1", new Approval(true, "ann"));
      engine.settle();

      assertThat(ran).containsExactly("search", "book");
      assertThat(run.state().messages().getLast()).isEqualTo(new Message("assistant", "done"));
    }
  }

  @Test
  void refusesACallThatNobodyApprovesInADay() {
    try (var engine = TestEngine.of(agent)) {
      var run = engine.start(agent, "chat-7", question);
      engine.advance(Duration.ofHours(24));

      assertThat(ran).containsExactly("search");
      assertThat(run.state().messages())
          .contains(new Message("tool", "refused by timeout"), new Message("assistant", "done"));
    }
  }

  @Test
  void showsTokensAtOnceAndTakesThemBackWhenTheModelFails() throws Exception {
    var failed = new ArrayList<String>();
    var flaky =
        Agent.workflow(
            (messages, token) -> {
              token.accept("he");
              if (failed.isEmpty()) {
                failed.add("once");
                throw new IOException("lost");
              }
              token.accept("hello");
              return new Reply("hello", List.of());
            },
            (tool, arguments, key) -> "");
    var seen = new ArrayList<String>();
    try (var engine = Engine.builder().memory().register(flaky).start()) {
      var run = engine.start(flaky, "warm-up", question);
      run.await(Duration.ofSeconds(20));
      failed.clear();
      var gate = engine.start(flaky, "chat-8", question);
      try (var feed = gate.feed(0)) {
        for (var event : feed) {
          switch (event) {
            case Run.Event.Emitted<Chat>(var seq, var node, var attempt, var channel, var value) ->
                seen.add(channel + " " + attempt + ": " + value);
            case Run.Event.Retracted<Chat>(var seq, var node, var attempt) ->
                seen.add(node + " " + attempt + " starts again");
            case Run.Event.Committed<Chat>(var seq, var node, var chat) -> seen.add(node);
            case Run.Event.Ended<Chat> ended -> seen.add("end");
          }
        }
      }
    }

    assertThat(seen).endsWith("tokens 2: he", "tokens 2: hello", "think", "end");
  }

  @Test
  void booksWhatAnnAllowsAndTellsIt(@TempDir Path folder) throws Exception {
    assertThat(Printed.by(Agent::main, folder))
        .contains("search Rome")
        .containsSubsequence(
            "I look and book.", "ann allows book", "book nine o'clock", "You fly at nine.")
        .endsWith("the end");
  }
}
