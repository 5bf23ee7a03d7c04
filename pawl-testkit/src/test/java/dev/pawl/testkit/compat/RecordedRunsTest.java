package dev.pawl.testkit.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.model.Join;
import dev.pawl.workflow.step.Field;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Reducer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Files of `recordings/VERSION` are what that version recorded. They are never changed: later
/// versions read them, and find nothing.
@Timeout(60)
final class RecordedRunsTest {
  private static final String VERSION = "0.1";
  private static final Set<String> VARYING = Set.of("run", "created", "at", "took", "due");

  @TempDir private Path folder;

  private static Path kept() {
    var url = RecordedRunsTest.class.getResource("/recordings/" + VERSION);
    return Path.of(URI.create(Objects.requireNonNull(url).toString()));
  }

  private static Order marked(Order order, String mark) {
    var marks = new ArrayList<>(order.marks());
    marks.add(mark);
    return new Order(order.id(), order.total(), order.currency(), marks);
  }

  private static Workflow<Order> item() {
    var g = Workflow.graph("item", Order.class);
    var price = g.step("price", order -> marked(order, "priced"));
    g.start(price).path(price, g.end());
    return g.build();
  }

  private static Order refused(Order order) {
    throw new IllegalStateException("no truck for " + order.id());
  }

  /// Every kind of node, and every kind of edge.
  private static Workflow<Order> everything() {
    var g = Workflow.graph("everything", Order.class);
    g.merge(Field.of(Order::marks), Reducer.append());
    var begin = g.step("begin", order -> marked(order, "begun"));
    var call = g.call("call", item(), order -> order, (order, priced) -> priced);
    var map =
        g.map(
                "map",
                order -> List.of(Order.of("one", 1), Order.of("two", 2)),
                item(),
                (order, results) -> marked(order, "mapped " + results.done()))
            .width(1);
    var papers =
        g.parallel(
            "papers",
            g.branch("invoice", String.class, (order, ctx) -> "invoice of " + order.id()),
            g.branch("label", String.class, (order, ctx) -> "label of " + order.id()),
            (order, invoice, label) -> marked(marked(order, invoice), label));
    var pack = g.step("pack", order -> order);
    var left = g.step("left", order -> marked(order, "left"));
    var right = g.step("right", order -> marked(order, "right"));
    var join = g.join("join", Join.ALL);
    var ship =
        g.step("ship", RecordedRunsTest::refused).with(Policy.retry(Duration.ofMillis(1), 2));
    var hold = g.delay("hold", Order::never);
    var held = g.end("held");
    g.start(begin).path(map, papers, pack).path(left, join).path(right, join);
    begin.when("small", order -> order.total() < 10, call).otherwise(map);
    g.path(call, hold, held);
    pack.fork(left, right);
    g.path(join, ship, g.end("shipped"));
    ship.onError(
        IllegalStateException.class,
        (order, error) -> marked(order, String.valueOf(error.getMessage())),
        g.end("refused"));
    return g.build();
  }

  private List<Path> record(Path folder) throws Exception {
    var older = new Older();
    var runs = older.ran(everything(), Order.of("small", 1), Order.of("large", 2_000));
    var files = List.of(folder.resolve("waiting.jsonl"), folder.resolve("completed.jsonl"));
    Recording.write(older.store(), runs.get(0), files.get(0));
    Recording.write(older.store(), runs.get(1), files.get(1));
    return files;
  }

  @Test
  void stillFitAndCanStillBeRead() throws Exception {
    var report = Compatibility.of(everything()).check(kept());

    assertThat(report).isEqualTo(new Report(2, List.of(), 0));
  }

  /// Branches that run at the same time commit in any order, so rows are compared by branch.
  @Test
  void areStillRecordedLikeThis() throws Exception {
    for (var file : record(folder)) {
      assertThat(rows(file)).isEqualTo(rows(kept().resolve(file.getFileName())));
    }
  }

  private static Map<String, List<JsonNode>> rows(Path file) throws Exception {
    var mapper = new JsonMapper();
    return Files.readAllLines(file).stream()
        .map(line -> (ObjectNode) mapper.readTree(line))
        .peek(line -> line.remove(VARYING))
        .peek(line -> line.remove(Set.of("seq", "steps")))
        .collect(
            Collectors.groupingBy(
                line -> line.path("branch").asString(""),
                Collectors.mapping(line -> (JsonNode) line, Collectors.toList())));
  }
}
