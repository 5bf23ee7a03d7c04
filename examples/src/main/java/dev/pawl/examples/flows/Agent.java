package dev.pawl.examples.flows;

import static dev.pawl.workflow.step.Outcome.to;

import dev.pawl.engine.Engine;
import dev.pawl.engine.Run;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Channel;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Results;
import dev.pawl.workflow.step.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// (c) An agent: model, tools in parallel, approval per tool call, token stream.
public final class Agent {
  public record Message(String role, String text) {}

  public record Call(
      String id, String tool, String arguments, boolean risky, Boolean allowed, String result) {
    Call decided(Approval a) {
      return new Call(
          id, tool, arguments, risky, a.allowed(), a.allowed() ? null : "refused by " + a.by());
    }

    Call refused() {
      return decided(new Approval(false, "timeout"));
    }

    Call answered(String result) {
      return new Call(id, tool, arguments, risky, allowed, result);
    }

    boolean mayRun() {
      return Boolean.TRUE.equals(allowed);
    }
  }

  public record Reply(String text, List<Call> calls) {}

  public record Chat(List<Message> messages, List<Call> calls) {
    Chat said(Reply r) {
      return new Chat(plus(messages, new Message("assistant", r.text())), r.calls());
    }

    Chat heard(Results<Call, Call> results) {
      return new Chat(
          plus(
              messages,
              results.values().stream()
                  .map(c -> new Message("tool", c.result()))
                  .toArray(Message[]::new)),
          List.of());
    }

    static List<Message> plus(List<Message> l, Message... m) {
      var x = new ArrayList<>(l);
      x.addAll(List.of(m));
      return List.copyOf(x);
    }
  }

  public record Approval(boolean allowed, String by) {}

  public interface Model {
    Reply reply(List<Message> messages, Consumer<String> token) throws java.io.IOException;
  }

  public interface Tools {
    String run(String tool, String arguments, String idempotencyKey) throws Exception;
  }

  public static final Signal<Approval> APPROVAL = Signal.of("approval", Approval.class);
  public static final Channel<String> TOKENS = Channel.of("tokens", String.class);

  enum Next {
    TOOLS,
    ANSWER
  }

  static Workflow<Call> toolCall(Tools tools) {
    var g = Workflow.graph("tool-call", Call.class);
    var gate = g.step("gate", call -> call);
    var approval =
        g.await("approval", APPROVAL, Call::id, Call::decided)
            .with(Policy.within(Duration.ofHours(24)));
    var run =
        g.step(
                "run",
                (call, ctx) ->
                    call.answered(tools.run(call.tool(), call.arguments(), ctx.idempotencyKey())))
            .with(Policy.retry(Duration.ofSeconds(1), 3));
    var done = g.end();
    g.start(gate).path(run, done);
    gate.when("risky", Call::risky, approval).otherwise(run);
    approval.when("allowed", Call::mayRun, run).onTimeout(Call::refused, done).otherwise(done);
    run.onError(Exception.class, (call, e) -> call.answered("error: " + e.getMessage()), done);
    return g.build();
  }

  public static Workflow<Chat> workflow(Model model, Tools tools) {
    var g = Workflow.graph("agent", Chat.class);
    var think =
        g.choice(
                "think",
                Next.class,
                (chat, ctx) -> {
                  var next =
                      chat.said(model.reply(chat.messages(), token -> ctx.emit(TOKENS, token)));
                  return next.calls().isEmpty() ? to(Next.ANSWER, next) : to(Next.TOOLS, next);
                })
            .with(Policy.retry(Duration.ofSeconds(1), 5));
    var act = g.map("act", Chat::calls, toolCall(tools), Chat::heard).key(Call::id).width(8);
    g.start(think).path(act, think);
    think.on(Next.TOOLS, act).on(Next.ANSWER, g.end());
    return g.build();
  }

  /// A model that looks for flights, books one, and says so.
  private static Reply scripted(List<Message> messages, Consumer<String> token) {
    if (messages.size() > 1) {
      for (var word : List.of("You ", "fly ", "at ", "nine.")) token.accept(word);
      return new Reply("You fly at nine.", List.of());
    }
    return new Reply(
        "I look and book.",
        List.of(
            new Call("call-1", "search", "Rome", false, null, null),
            new Call("call-2", "book", "nine o'clock", true, null, null)));
  }

  /// Ann allows what is risky. She is shown tokens as they come, and what is committed.
  public static void main(String[] args) {
    var file = Path.of(args.length > 0 ? args[0] : "agent.db");
    var agent =
        workflow(
            Agent::scripted,
            (tool, arguments, key) -> {
              System.out.println(tool + " " + arguments);
              return "ok";
            });
    var question = new Chat(List.of(new Message("user", "fly me to Rome")), List.of());
    try (var engine = Engine.builder().sqlite(file).register(agent).start()) {
      var run = engine.start(agent, "chat-7", question);
      try (var feed = run.feed(0)) {
        for (var event : feed) show(run, event);
      }
    }
  }

  private static void show(Run<Chat> run, Run.Event<Chat> event) {
    switch (event) {
      case Run.Event.Emitted<Chat> token -> System.out.print(token.value());
      case Run.Event.Retracted<Chat> again ->
          System.out.println("\n[" + again.node() + " starts again]");
      case Run.Event.Committed<Chat>(var seq, var node, var chat) when node.equals("think") -> {
        System.out.println("\n" + chat.messages().getLast().text());
        for (var call : chat.calls()) if (call.risky()) allow(run, call);
      }
      case Run.Event.Committed<Chat> other -> {}
      case Run.Event.Ended<Chat> end -> System.out.println("the end");
    }
  }

  private static void allow(Run<Chat> run, Call call) {
    System.out.println("ann allows " + call.tool());
    run.signal(APPROVAL, call.id(), new Approval(true, "ann"));
  }
}
