package dev.pawl.engine.value;

import dev.pawl.run.Fact;
import dev.pawl.run.Failure;
import dev.pawl.run.Inbox;
import dev.pawl.run.Message;
import dev.pawl.run.Newest;
import dev.pawl.run.Plan;
import dev.pawl.run.RunState;
import dev.pawl.run.Transition;
import dev.pawl.run.Undo;
import dev.pawl.run.Undos;
import dev.pawl.store.Encoded;
import dev.pawl.store.HistoryRow;
import dev.pawl.store.Mail;
import dev.pawl.store.MessageRow;
import dev.pawl.workflow.RunId;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns facts into rows and back.
public final class Rows {
  private Rows() {}

  /// The row of a fact.
  ///
  /// @param floor the oldest row that is needed from here on
  public static HistoryRow row(RunId run, Plan plan, Fact fact, long floor) {
    var failure = fact.failure();
    boolean gaveUp = fact.kind() == Fact.Kind.GAVE_UP || fact.kind() == Fact.Kind.SPENT;
    return new HistoryRow(
        run,
        fact.seq(),
        kind(fact.kind()),
        fact.branch(),
        fact.visit(),
        fact.node() < 0 ? "" : plan.name(fact.node()),
        gaveUp && failure != null ? failure.attempts() : fact.attempt(),
        gaveUp && failure != null ? failure.node() : fact.port(),
        next(plan, fact.next()),
        Optional.ofNullable((Value) fact.state()).map(Value::stored),
        Optional.ofNullable(failure).map(Failure::error),
        Optional.ofNullable(fact.due()),
        fact.at(),
        fact.took(),
        floor,
        fact.steps(),
        fact.branches(),
        fact.message());
  }

  /// The rows of the facts of one transition. Tells states which rows they are stored in.
  ///
  /// @param after the run after them
  public static List<HistoryRow> history(RunId run, Plan plan, RunState after, List<Fact> facts) {
    for (var fact : facts) {
      if (fact.state() instanceof Value value) {
        value.storedIn(fact.seq());
      }
    }
    long floor = floor(after);
    var rows = new ArrayList<HistoryRow>(facts.size());
    for (var fact : facts) {
      rows.add(row(run, plan, fact, floor));
    }
    return rows;
  }

  /// The oldest row that is needed to go on, with the one that the root's state is a patch of.
  private static long floor(RunState run) {
    var root = run.branches().get("");
    return root != null && root.state() instanceof Value value
        ? Math.min(run.floor(), value.full())
        : run.floor();
  }

  /// What a transition does to the messages of its run.
  public static Mail mail(RunId run, Transition transition) {
    var used = transition.used();
    if (used.isEmpty() && transition.accepted().isEmpty()) {
      return Mail.NONE;
    }
    return new Mail(
        transition.accepted().map(message -> row(run, message)).stream().toList(), used);
  }

  private static MessageRow row(RunId run, Message message) {
    return new MessageRow(
        run,
        message.number(),
        message.signal(),
        message.correlation(),
        message.id(),
        ((Value) message.payload()).stored(),
        message.at());
  }

  private static HistoryRow.Kind kind(Fact.Kind kind) {
    return switch (kind) {
      case LEFT -> HistoryRow.Kind.LEFT;
      case OPENED -> HistoryRow.Kind.OPENED;
      case RETRY -> HistoryRow.Kind.RETRY;
      case GAVE_UP -> HistoryRow.Kind.GAVE_UP;
      case AGAIN -> HistoryRow.Kind.AGAIN;
      case PAUSED -> HistoryRow.Kind.PAUSED;
      case RESUMED -> HistoryRow.Kind.RESUMED;
      case CANCELLED -> HistoryRow.Kind.CANCELLED;
      case MERGED -> HistoryRow.Kind.MERGED;
      case SPENT -> HistoryRow.Kind.SPENT;
      case RECEIVED -> HistoryRow.Kind.RECEIVED;
      case STAYED -> HistoryRow.Kind.STAYED;
      case UNDONE -> HistoryRow.Kind.UNDONE;
      case ABANDONED -> HistoryRow.Kind.ABANDONED;
      case FINISHED -> HistoryRow.Kind.FINISHED;
      case EXPIRED -> HistoryRow.Kind.EXPIRED;
      case DROPPED -> HistoryRow.Kind.DROPPED;
    };
  }

  private static Fact.Kind kind(HistoryRow.Kind kind) {
    return switch (kind) {
      case LEFT -> Fact.Kind.LEFT;
      case OPENED -> Fact.Kind.OPENED;
      case RETRY -> Fact.Kind.RETRY;
      case GAVE_UP -> Fact.Kind.GAVE_UP;
      case AGAIN -> Fact.Kind.AGAIN;
      case PAUSED -> Fact.Kind.PAUSED;
      case RESUMED -> Fact.Kind.RESUMED;
      case CANCELLED -> Fact.Kind.CANCELLED;
      case MERGED -> Fact.Kind.MERGED;
      case SPENT -> Fact.Kind.SPENT;
      case RECEIVED -> Fact.Kind.RECEIVED;
      case STAYED -> Fact.Kind.STAYED;
      case UNDONE -> Fact.Kind.UNDONE;
      case ABANDONED -> Fact.Kind.ABANDONED;
      case FINISHED -> Fact.Kind.FINISHED;
      case EXPIRED -> Fact.Kind.EXPIRED;
      case DROPPED -> Fact.Kind.DROPPED;
    };
  }

  private static String next(Plan plan, List<Integer> next) {
    if (next.isEmpty()) {
      return "";
    }
    if (next.size() == 1) {
      int node = next.getFirst();
      return plan.kind(node) == Plan.Kind.END ? "" : plan.name(node);
    }
    var names = new StringBuilder(plan.name(next.getFirst()));
    for (int i = 1; i < next.size(); i++) {
      names.append('|').append(plan.name(next.get(i)));
    }
    return names.toString();
  }

  /// Reads the rows of a run, in order; each state knows the one it is a patch of.
  public static final class Reader {
    private final Plan plan;
    private final Values values;
    private final Map<Long, Value> bySeq = new HashMap<>();

    /// @param input the state that the run started with
    public Reader(Plan plan, Values values, Value input) {
      this.plan = plan;
      this.values = values;
      bySeq.put(0L, input);
    }

    /// The facts that decide where the run stands. The other rows are only what later states are
    /// patches of.
    ///
    /// @throws UnknownPlace if a branch stands at a node that the plan has not
    public List<Fact> facts(List<HistoryRow> rows) {
      var newest = Newest.of(rows, HistoryRow::branch, Reader::leaves);
      var places = places(newest);
      var facts = new ArrayList<Fact>(newest.size());
      for (var row : rows) {
        int next = facts.size();
        if (next < newest.size() && row.seq() == newest.get(next).seq()) {
          facts.add(fact(row, places.get(next)));
        } else {
          row.state().ifPresent(state -> remember(state, row.seq()));
        }
      }
      return facts;
    }

    /// The finished visits that can be undone and that the facts do not tell of, because their
    /// branches have gone on since or are no more.
    public Undos undos(List<HistoryRow> rows) {
      var facts = new HashSet<Long>();
      Newest.of(rows, HistoryRow::branch, Reader::leaves).forEach(row -> facts.add(row.seq()));
      var undos = Undos.none();
      for (var row : rows) {
        int node = plan.find(row.node());
        if (facts.contains(row.seq()) || node < 0) {
          continue;
        }
        if (row.kind() == HistoryRow.Kind.UNDONE) {
          undos = undos.without(Long.parseLong(row.port()));
        } else if (endsWell(row) && plan.compensates(node)) {
          undos = undos.with(new Undo(row.seq(), row.branch(), row.visit(), node));
        }
      }
      return undos;
    }

    private static boolean endsWell(HistoryRow row) {
      return row.kind() == HistoryRow.Kind.FINISHED
          || row.kind() == HistoryRow.Kind.LEFT && row.error().isEmpty();
    }

    private static boolean leaves(HistoryRow row) {
      return row.kind() == HistoryRow.Kind.LEFT || row.kind() == HistoryRow.Kind.MERGED;
    }

    /// Where something happened, and where its branch went.
    private record Places(int node, List<Integer> next) {}

    /// Where rows happened. The first node of a fork's branch may be gone when the branch has left
    /// it; where it went stands in for it, so that is found out from the newest row on.
    private List<Places> places(List<HistoryRow> rows) {
      var later = new HashMap<String, Integer>();
      var places = new Places[rows.size()];
      for (int i = rows.size() - 1; i >= 0; i--) {
        var row = rows.get(i);
        var next = next(row, later);
        int node = row.node().isEmpty() ? -1 : node(row, next);
        later.put(row.branch(), node);
        places[i] = new Places(node, next);
      }
      return List.of(places);
    }

    private Fact fact(HistoryRow row, Places places) {
      return new Fact(
          row.seq(),
          kind(row.kind()),
          row.branch(),
          row.visit(),
          places.node(),
          row.attempt(),
          row.port(),
          places.next(),
          row.state().map(state -> value(state, type(row, places.node()), row.seq())).orElse(null),
          row.error().map(error -> failure(row, error)).orElse(null),
          row.due().orElse(null),
          row.at(),
          row.took(),
          row.steps(),
          row.branches(),
          row.message());
    }

    private static Failure failure(HistoryRow row, String error) {
      boolean gaveUp = row.kind() == HistoryRow.Kind.GAVE_UP || row.kind() == HistoryRow.Kind.SPENT;
      return new Failure(gaveUp ? row.port() : row.node(), row.attempt(), error, Optional.empty());
    }

    /// Where a branch went; of a fork, the join and then the first nodes of the children.
    private List<Integer> next(HistoryRow row, Map<String, Integer> later) {
      if (row.next().isEmpty()) {
        return List.of();
      }
      var names = row.next().split("\\|", -1);
      var next = new ArrayList<Integer>(names.length);
      next.add(place(names[0]));
      for (int i = 1; i < names.length; i++) {
        var child = row.branch() + "/" + row.visit() + "." + (i - 1);
        int node = plan.find(names[i]);
        next.add(node < 0 && later.containsKey(child) ? later.get(child) : place(names[i]));
      }
      return next;
    }

    /// Where it happened. A node that a branch has left for another may be gone since; what it made
    /// is of the type of the node after it, which stands in for it.
    private int node(HistoryRow row, List<Integer> next) {
      boolean behind = row.kind() == HistoryRow.Kind.LEFT && next.size() == 1;
      return behind && plan.find(row.node()) < 0 ? next.getFirst() : place(row.node());
    }

    private int place(String name) {
      int node = plan.find(name);
      if (node < 0) {
        throw new UnknownPlace(name);
      }
      return node;
    }

    private Type type(HistoryRow row, int node) {
      return switch (row.kind()) {
        case OPENED -> plan.nested(node, 0).state();
        case RECEIVED -> payload(row.port());
        default -> plan.scope(node).result();
      };
    }

    private Type payload(String name) {
      return plan.message(name)
          .orElseThrow(() ->
              new IllegalStateException("the definition waits for no signal " + name + " any more"))
          .type();
    }

    /// The messages that a run has accepted.
    ///
    /// @param accepted how many
    /// @param unused those that it has not used
    /// @throws IllegalStateException if no node waits for one of them any more
    public Inbox inbox(long accepted, List<MessageRow> unused) {
      return new Inbox(accepted, unused.stream().map(this::message).toList());
    }

    private Message message(MessageRow row) {
      return new Message(
          row.number(),
          row.signal(),
          row.correlation(),
          row.id(),
          Value.whole(values.codec(), payload(row.signal()), row.payload(), 0),
          row.at());
    }

    /// A value that only later ones may be patches of; if its own base was not read, none are.
    private void remember(Encoded stored, long seq) {
      if (!(stored instanceof Encoded.Patch patch) || bySeq.containsKey(patch.base())) {
        value(stored, plan.definition().state(), seq);
      }
    }

    private Value value(Encoded stored, Type type, long seq) {
      var value = value(stored, type, seq, bySeq);
      bySeq.put(seq, value);
      return value;
    }

    private Value value(Encoded stored, Type type, long seq, Map<Long, Value> known) {
      if (!(stored instanceof Encoded.Patch patch)) {
        return Value.whole(values.codec(), type, stored, seq);
      }
      @Nullable Value base = known.get(patch.base());
      if (base == null) {
        throw new IllegalStateException(
            "row " + seq + " is a patch of row " + patch.base() + ", which was not read");
      }
      return Value.patched(values.codec(), type, patch, base, seq);
    }
  }

  /// A row names a node that the definition has not.
  public static final class UnknownPlace extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String node;

    UnknownPlace(String node) {
      super("the definition has no node " + node);
      this.node = node;
    }

    /// Its name.
    public String node() {
      return node;
    }
  }
}
