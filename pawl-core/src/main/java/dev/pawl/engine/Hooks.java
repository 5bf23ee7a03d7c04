package dev.pawl.engine;

import dev.pawl.store.HistoryRow;
import dev.pawl.store.OutboxRow;
import dev.pawl.store.RunRow;
import dev.pawl.workflow.RunStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What hooks are to hear of a commit, as rows of the outbox.
final class Hooks {
  private final List<Hook> hooks;

  /// @throws IllegalArgumentException if two have one name
  Hooks(List<Hook> hooks) {
    this.hooks = List.copyOf(hooks);
    long names = hooks.stream().map(Hook::name).distinct().count();
    if (names < hooks.size()) {
      throw new IllegalArgumentException(
          "two hooks have the same name: " + hooks.stream().map(Hook::name).toList());
    }
  }

  List<Hook> all() {
    return hooks;
  }

  /// What they hear of a start.
  List<OutboxRow> started(RunRow run) {
    if (hooks.isEmpty()) {
      return List.of();
    }
    var rows = new ArrayList<OutboxRow>();
    add(rows, run, HookEvent.Kind.STARTED, run.state(), 0, run.created());
    return rows;
  }

  /// What they hear of a change.
  ///
  /// @param before the changing part of the run's row before it
  /// @param history the rows that are added
  /// @param after the changing part after it, if it changes
  /// @param sequence the newest sequence number after it
  List<OutboxRow> changed(
      RunRow run,
      RunRow.State before,
      List<HistoryRow> history,
      Optional<RunRow.State> after,
      long sequence) {
    if (hooks.isEmpty()) {
      return List.of();
    }
    var rows = new ArrayList<OutboxRow>();
    var now = after.orElse(before);
    for (var row : history) {
      if (row.error().isPresent()) {
        failure(row.kind()).ifPresent(kind -> failed(rows, run, now, kind, row));
      }
    }
    if (after.isPresent() && now.status() != before.status()) {
      change(rows, run, before.status(), now, history, sequence);
    }
    return rows;
  }

  /// What has failed where a row has an error; a row that pauses the run has that of a
  /// compensation.
  private static Optional<HookEvent.Kind> failure(HistoryRow.Kind kind) {
    return switch (kind) {
      case RETRY, GAVE_UP, LEFT -> Optional.of(HookEvent.Kind.STEP_FAILED);
      case PAUSED -> Optional.of(HookEvent.Kind.COMPENSATION_GAVE_UP);
      default -> Optional.empty();
    };
  }

  private void failed(
      List<OutboxRow> rows, RunRow run, RunRow.State now, HookEvent.Kind kind, HistoryRow row) {
    boolean gaveUp = row.kind() == HistoryRow.Kind.GAVE_UP;
    var form =
        new HookForm.Form(
            kind,
            run.workflow(),
            run.version(),
            now.status(),
            now.reason(),
            gaveUp ? row.port() : row.node(),
            row.attempt(),
            row.error().orElse(""),
            row.seq());
    add(rows, run, form, row.at());
  }

  private void change(
      List<OutboxRow> rows,
      RunRow run,
      RunStatus before,
      RunRow.State now,
      List<HistoryRow> history,
      long sequence) {
    switch (now.status()) {
      case PAUSED -> add(rows, run, HookEvent.Kind.PAUSED, now, sequence, now.changed());
      case COMPLETED -> add(rows, run, HookEvent.Kind.COMPLETED, now, sequence, now.changed());
      case CANCELLED -> add(rows, run, HookEvent.Kind.CANCELLED, now, sequence, now.changed());
      case FAILED -> over(rows, run, now, history, sequence);
      case RUNNING, WAITING, COMPENSATING -> {
        if (before == RunStatus.PAUSED) {
          add(rows, run, HookEvent.Kind.RESUMED, now, sequence, now.changed());
        }
      }
      case ERASED -> {
        // nobody is told
      }
    }
  }

  /// A run has failed; what made it fail stands in its last row, unless others had to stop first.
  private void over(
      List<OutboxRow> rows, RunRow run, RunRow.State now, List<HistoryRow> history, long sequence) {
    var cause = history.stream().filter(row -> row.error().isPresent()).reduce((a, b) -> b);
    var form =
        new HookForm.Form(
            HookEvent.Kind.FAILED,
            run.workflow(),
            run.version(),
            now.status(),
            now.reason(),
            cause.map(HistoryRow::port).orElse(""),
            cause.map(HistoryRow::attempt).orElse(0),
            cause.flatMap(HistoryRow::error).orElse(now.reason()),
            sequence);
    add(rows, run, form, now.changed());
  }

  private void add(
      List<OutboxRow> rows,
      RunRow run,
      HookEvent.Kind kind,
      RunRow.State now,
      long sequence,
      Instant at) {
    var form =
        new HookForm.Form(
            kind, run.workflow(), run.version(), now.status(), now.reason(), "", 0, "", sequence);
    add(rows, run, form, at);
  }

  private void add(List<OutboxRow> rows, RunRow run, HookForm.Form form, Instant at) {
    for (var hook : hooks) {
      if (hook.wants(form.kind(), run.workflow())) {
        rows.add(
            OutboxRow.sent(
                run.id(),
                OutboxRow.Kind.HOOK,
                run.id() + ":" + form.sequence() + ":" + form.kind(),
                hook.name(),
                run.key(),
                HookForm.write(form),
                run.headers(),
                at));
      }
    }
  }
}
