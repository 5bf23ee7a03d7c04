package dev.pawl.bench.micro;

import dev.pawl.engine.Engine;
import dev.pawl.workflow.Node;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Reducer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Four branches forked and merged, on the caller's thread and on virtual threads of their own.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class InlineForks {
  /// A state of five components. Every branch adds to `words`, two add to `notes`, and three change
  /// a component that is theirs alone.
  ///
  /// @param title changed by one branch
  /// @param author changed by one branch
  /// @param year changed by one branch
  /// @param words summed
  /// @param notes appended
  public record Draft(String title, String author, int year, int words, List<String> notes) {
    static final Draft START = new Draft("", "", 0, 0, List.of());
    static final Draft MERGED = new Draft("title", "author", 1815, 10, List.of("one", "two"));

    Draft titled() {
      return new Draft("title", author, year, words + 1, notes);
    }

    Draft attributed() {
      return new Draft(title, "author", year, words + 2, notes);
    }

    Draft dated() {
      return new Draft(title, author, 1815, words + 3, noted("one"));
    }

    Draft annotated() {
      return new Draft(title, author, year, words + 4, noted("two"));
    }

    private List<String> noted(String note) {
      var all = new ArrayList<>(notes);
      all.add(note);
      return List.copyOf(all);
    }
  }

  private static final Field<Draft, Integer> WORDS = Field.of(Draft::words);
  private static final Field<Draft, List<String>> NOTES = Field.of(Draft::notes);

  private final Engine engine = Engine.inline();
  private final Workflow<Draft> pure = workflow(Node::pure);
  private final Workflow<Draft> threads = workflow(split -> split);
  private Draft start = Draft.START;

  /// What a fork is declared to be.
  private interface Declaration {
    Node<Draft> on(Node<Draft> split);
  }

  private static Workflow<Draft> workflow(Declaration declaration) {
    var graph = Workflow.graph("fork", Draft.class);
    var split = graph.step("split", draft -> draft);
    var title = graph.step("title", Draft::titled);
    var author = graph.step("author", Draft::attributed);
    var date = graph.step("date", Draft::dated);
    var note = graph.step("note", Draft::annotated);
    var meet = graph.join("meet", Join.ALL);
    graph.merge(WORDS, Reducer.sum()).merge(NOTES, Reducer.append());
    graph.start(split).path(meet, graph.end());
    for (var branch : List.of(title, author, date, note)) {
      graph.path(branch, meet);
    }
    declaration.on(split.fork(title, author, date, note));
    return graph.build();
  }

  @Benchmark
  public Draft pure() throws InterruptedException {
    return engine.run(pure, start);
  }

  @Benchmark
  public Draft onVirtualThreads() throws InterruptedException {
    return engine.run(threads, start);
  }

  /// The four changes and their merge, written out by hand.
  @Benchmark
  public Draft pureBare() {
    var title = start.titled();
    var author = start.attributed();
    var date = start.dated();
    var note = start.annotated();
    var notes = new ArrayList<>(start.notes());
    notes.addAll(date.notes());
    notes.addAll(note.notes());
    return new Draft(
        title.title(),
        author.author(),
        date.year(),
        title.words() + author.words() + date.words() + note.words() - 3 * start.words(),
        List.copyOf(notes));
  }
}
