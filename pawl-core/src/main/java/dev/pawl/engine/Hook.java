package dev.pawl.engine;

import dev.pawl.workflow.step.Retry;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/// Code that hears of runs, durably: what it is to hear is written with the transition that it is
/// about, and kept until it has returned without an error. A value; begin with [#of].
///
/// ```java
/// Engine.builder()
///     .hook(Hook.of("alert", (event, ctx) -> pager.send(event.id(), event.key(), event.error()))
///         .on(HookEvent.Kind.FAILED, HookEvent.Kind.PAUSED))
/// ```
///
/// It hears each event at least once, those of one key in their order. It should do nothing twice
/// that must not be: [HookEvent#id] tells. One that throws, whatever that is, is called again after
/// a while; when it has failed too often, the event is parked: [Engine#outbox] shows it, and can
/// have it tried again. Events of other keys go on meanwhile, and so do all runs and other hooks.
///
/// @param name under which its events are kept over restarts
/// @param code what is called, on a thread of its own
/// @param kinds what it hears of
/// @param workflows of runs of which workflows, by name; empty for all
/// @param retry how often an event is tried, and when again
/// @param limit how long a call may take until it is interrupted, and counts as failed
/// @param atOnce how many calls at once, of different keys; calls that hang count
public record Hook(
    String name,
    Code code,
    Set<HookEvent.Kind> kinds,
    Set<String> workflows,
    Retry retry,
    Duration limit,
    int atOnce) {
  /// Checks the ranges and copies the sets.
  ///
  /// @throws IllegalArgumentException naming what is out of range
  public Hook {
    check(!name.isEmpty(), "the name is empty");
    check(!kinds.isEmpty(), "it hears of nothing");
    check(limit.isPositive(), "the limit must be positive, not " + limit);
    check(atOnce > 0, "atOnce must be positive, not " + atOnce);
    kinds = Set.copyOf(kinds);
    workflows = Set.copyOf(workflows);
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("hook: " + what);
    }
  }

  /// What a hook does.
  public interface Code {
    /// Hears an event.
    ///
    /// @throws Exception if it is to hear it again
    void hear(HookEvent event, HookContext ctx) throws Exception;
  }

  /// Hears of everything but failed steps; ten tries, one second to one minute apart; 30 seconds a
  /// call; eight calls at once.
  public static Hook of(String name, Code code) {
    return new Hook(
        name,
        code,
        EnumSet.complementOf(EnumSet.of(HookEvent.Kind.STEP_FAILED)),
        Set.of(),
        Retry.exponential(Duration.ofSeconds(1), 10),
        Duration.ofSeconds(30),
        8);
  }

  /// Hearing of these alone.
  ///
  /// @throws IllegalArgumentException if there are none
  public Hook on(HookEvent.Kind... kinds) {
    return new Hook(name, code, Set.copyOf(Arrays.asList(kinds)), workflows, retry, limit, atOnce);
  }

  /// Hearing of runs of these workflows alone.
  public Hook workflows(String... workflows) {
    return new Hook(name, code, kinds, Set.copyOf(Arrays.asList(workflows)), retry, limit, atOnce);
  }

  /// Trying so often, and then.
  public Hook retry(Retry retry) {
    return new Hook(name, code, kinds, workflows, retry, limit, atOnce);
  }

  /// With so much time a call.
  public Hook within(Duration limit) {
    return new Hook(name, code, kinds, workflows, retry, limit, atOnce);
  }

  /// With so many calls at once.
  public Hook atOnce(int atOnce) {
    return new Hook(name, code, kinds, workflows, retry, limit, atOnce);
  }

  /// Whether it wants to hear this of a run of a workflow.
  boolean wants(HookEvent.Kind kind, String workflow) {
    return kinds.contains(kind) && (workflows.isEmpty() || workflows.contains(workflow));
  }
}
