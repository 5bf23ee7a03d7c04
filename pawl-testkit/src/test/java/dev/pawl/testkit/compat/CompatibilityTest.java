package dev.pawl.testkit.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.pawl.jackson.JacksonCodec;
import dev.pawl.store.Codec;
import dev.pawl.store.Encoded;
import dev.pawl.testkit.compat.Finding.AnotherEdge;
import dev.pawl.testkit.compat.Finding.NoDefinition;
import dev.pawl.testkit.compat.Finding.NoEdge;
import dev.pawl.testkit.compat.Finding.NodeGone;
import dev.pawl.testkit.compat.Finding.PredicateThrows;
import dev.pawl.testkit.compat.Finding.StateTypeChanged;
import dev.pawl.testkit.compat.Finding.Unreadable;
import dev.pawl.testkit.compat.Finding.Way;
import dev.pawl.testkit.compat.Found.Source;
import dev.pawl.workflow.Workflow;
import dev.pawl.workflow.step.Policy;
import dev.pawl.workflow.step.Signal;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Open runs of a store against today's workflows.
@Timeout(60)
final class CompatibilityTest {
  private final Older older = new Older();

  private Report check(Workflow<?>... today) {
    return Compatibility.of(today).check(older.store());
  }

  private static Order[] orders(int count, int total) {
    return IntStream.range(0, count)
        .mapToObj(i -> Order.of("order-" + i, total))
        .toArray(Order[]::new);
  }

  private List<Finding> findings(Workflow<?>... today) {
    return check(today).findings().stream().map(Found::finding).toList();
  }

  @Test
  void findsNothingForTheSameWorkflow() throws Exception {
    older.ran(Order.reviewedOver(1_000), Order.of("small", 1), Order.of("large", 2_000));

    var report = check(Order.reviewedOver(1_000));

    assertThat(report).isEqualTo(new Report(2, List.of(), 0));
    assertThat(report).hasToString("2 runs checked");
    assertThatCode(report::verify).doesNotThrowAnyException();
  }

  @Test
  void findsNothingForAddedNodesAndEdgesAndOtherPolicies() throws Exception {
    older.ran(Order.reviewedOver(1_000), Order.of("small", 1), Order.of("large", 2_000));
    var g = Order.graph();
    var first = g.step("first", order -> order);
    var approve = g.step("approve", order -> order).with(Policy.retry(Duration.ofSeconds(1), 9));
    var check = g.step("check", order -> order);
    var huge = g.step("huge", order -> order);
    var review = g.delay("review", Order::never);
    var charge = g.delay("charge", Order::never);
    g.start(first).path(first, approve).path(check, review, charge, g.end()).path(huge, g.end());
    approve
        .when("huge", order -> order.total() > 1_000_000, huge)
        .when("large", order -> order.total() > 1_000, check)
        .otherwise(charge);

    assertThat(findings(g.build())).isEmpty();
  }

  /// `review` waits for a decision of this type, then the run waits for ever.
  private static <T> Workflow<Order> decidedBy(Class<T> decision) {
    var g = Order.graph();
    var review = g.await("review", Signal.of("decision", decision), (order, made) -> order);
    var ship = g.delay("ship", Order::never);
    g.start(review).path(review, ship, g.end());
    return g.build();
  }

  private void decide(String decision) throws Exception {
    var workflow = decidedBy(String.class);
    try (var engine = older.engine().register(workflow).start()) {
      var run = engine.start(workflow, "order-1", Order.of("order-1", 1));
      run.signal(Signal.of("decision", String.class), decision);
      try (var feed = run.feed(0)) {
        feed.iterator().next();
      }
    }
  }

  @Test
  void readsWhatSignalsCarriedAsWhatTheyCarryToday() throws Exception {
    decide("yes");

    assertThat(findings(decidedBy(String.class))).isEmpty();
    assertThat(findings(decidedBy(Boolean.class)))
        .singleElement()
        .isInstanceOfSatisfying(
            Unreadable.class, finding -> assertThat(finding.node()).isEqualTo("review"));
  }

  @Test
  void countsTheOpenRunsThatWaitAtANodeThatIsGone() throws Exception {
    older.ran(Order.reviewedOver(1_000), orders(2_500, 2_000));
    var g = Order.graph();
    var approve = g.step("approve", order -> order);
    var charge = g.delay("charge", Order::never);
    g.start(approve).path(charge, g.end());
    approve.when("large", order -> order.total() > 1_000, charge).otherwise(charge);

    var report = check(g.build());

    assertThat(report.runs()).isEqualTo(2_500);
    assertThat(report.findings())
        .containsExactly(
            new Found(new NodeGone("review"), Source.STORE, "orders", "1", 2_500, "order-0"));
    assertThat(report.findings().getFirst().message())
        .isEqualTo(
            "2,500 open runs wait at `review`, which this build removes"
                + " (orders version 1; such as order-0)");
    assertThatThrownBy(report::verify)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("2,500 open runs wait at `review`")
        .hasMessageEndingWith("2,500 runs checked");
  }

  @Test
  void doesNotMindNodesThatRunsHaveLeftBehind() throws Exception {
    older.ran(Order.reviewedOver(1_000), Order.of("large", 2_000));
    var g = Order.graph();
    var review = g.delay("review", Order::never);
    g.start(review).path(review, g.end());

    assertThat(findings(g.build())).isEmpty();
  }

  @Test
  void looksAtPausedRuns() throws Exception {
    var before = Order.reviewedOver(1_000);
    older.ran(before, Order.of("large", 2_000));
    try (var engine = older.engine().register(before).start()) {
      engine.find(before, "large").orElseThrow().pause("by hand");
    }
    var g = Order.graph();
    var approve = g.step("approve", order -> order);
    g.start(approve).path(approve, g.end());

    var report = check(g.build());

    assertThat(report.findings())
        .extracting(Found::message)
        .contains("large waits at `review`, which this build removes (orders version 1)");
  }

  @Test
  void doesNotLookAtRunsThatAreOver() throws Exception {
    var g = Order.graph();
    var only = g.step("only", order -> order);
    g.start(only).path(only, g.end());
    older.ran(g.build(), Order.of("over", 1));

    assertThat(check()).isEqualTo(new Report(0, List.of(), 0));
  }

  @Test
  void countsOpenRunsOfVersionsThatTheBuildLacks() throws Exception {
    older.ran(Order.reviewedOver(1_000), orders(3, 1));
    var g = Order.graph().version("2");
    var only = g.step("only", order -> order);
    g.start(only).path(only, g.end());

    var report = check(g.build());

    assertThat(report.findings())
        .containsExactly(new Found(new NoDefinition(), Source.STORE, "orders", "1", 3, "order-0"));
    assertThat(report.toString())
        .startsWith(
            "3 open runs are of a version that this build does not have"
                + " (orders version 1; such as order-0)\n");
  }

  record Other(String id, int total, String currency, List<String> marks) {}

  @Test
  void tellsWhereTheStateIsOfAnotherType() throws Exception {
    older.ran(Order.reviewedOver(1_000), Order.of("large", 2_000));
    var g = Workflow.graph("orders", Other.class);
    var approve = g.step("approve", order -> order);
    var review = g.delay("review", order -> Order.NEVER);
    var end = g.end();
    g.start(approve).path(review, end);
    approve.when("large", order -> true, review).otherwise(end);

    assertThat(findings(g.build()))
        .containsExactly(
            new StateTypeChanged("review", Order.class.getName(), Other.class.getName()));
  }

  @Test
  void tellsThatARunWouldTakeAnotherEdge() throws Exception {
    older.ran(Order.reviewedOver(1_000), Order.of("order-42", 1_500), Order.of("large", 9_000));

    var report = check(Order.reviewedOver(2_000));

    assertThat(report.findings())
        .containsExactly(
            new Found(
                new AnotherEdge("approve", new Way("large", "review"), new Way("", "charge")),
                Source.STORE,
                "orders",
                "1",
                1,
                "order-42"));
    assertThat(report.findings().getFirst().message())
        .isEqualTo(
            "order-42 would take another edge at `approve`: otherwise to `charge`,"
                + " not \"large\" to `review` (orders version 1)");
  }

  @Test
  void knowsAnEdgeWhoseLabelChangedByItsTarget() throws Exception {
    older.ran(Order.reviewedOver(1_000), Order.of("a", 1_500), Order.of("b", 9_000));
    var g = Order.graph();
    var approve = g.step("approve", order -> order);
    var review = g.delay("review", Order::never);
    var charge = g.delay("charge", Order::never);
    g.start(approve).path(review, charge, g.end());
    approve.when("over 2,000", order -> order.total() > 2_000, review).otherwise(charge);

    var report = check(g.build());

    assertThat(report.findings()).extracting(Found::example).containsExactly("a");
  }

  @Test
  void tellsThatAnEdgeLeadsAwayFromWhereTheRunWent() throws Exception {
    older.ran(Order.reviewedOver(1_000), Order.of("large", 9_000));
    var g = Order.graph();
    var approve = g.step("approve", order -> order);
    var review = g.delay("review", Order::never);
    var charge = g.delay("charge", Order::never);
    g.start(approve).path(review, g.end()).path(charge, g.end());
    approve.when("large", order -> order.total() > 1_000, charge).otherwise(review);

    assertThat(findings(g.build()))
        .containsExactly(
            new AnotherEdge("approve", new Way("large", "review"), new Way("large", "charge")));
  }

  @Test
  void tellsThatNoEdgeAcceptsAStateAnyMore() throws Exception {
    older.ran(Order.reviewedOver(1_000), Order.of("small", 1));
    var g = Order.graph();
    var approve = g.step("approve", order -> order);
    var review = g.delay("review", Order::never);
    var charge = g.delay("charge", Order::never);
    g.start(approve).path(review, charge, g.end());
    approve
        .when("large", order -> order.total() > 1_000, review)
        .when("medium", order -> order.total() > 10, charge);

    var report = check(g.build());

    assertThat(report.findings())
        .extracting(Found::finding)
        .containsExactly(new NoEdge("approve", new Way("", "charge")));
    assertThat(report.findings().getFirst().message())
        .isEqualTo(
            "small would find no edge at `approve`, not even otherwise to `charge`"
                + " (orders version 1)");
  }

  private static Workflow<Order> throwing(String message) {
    var g = Order.graph();
    var approve = g.step("approve", order -> order);
    var review = g.delay("review", Order::never);
    var charge = g.delay("charge", Order::never);
    g.start(approve).path(review, charge, g.end());
    approve
        .when(
            "large",
            order -> {
              throw new IllegalStateException(message.isEmpty() ? order.id() : message);
            },
            review)
        .otherwise(charge);
    return g.build();
  }

  @Test
  void tellsThatAPredicateThrows() throws Exception {
    older.ran(Order.reviewedOver(1_000), orders(2, 1));

    var report = check(throwing("no rates"));

    assertThat(report.findings())
        .extracting(Found::finding)
        .containsExactly(
            new PredicateThrows("approve", "large", "java.lang.IllegalStateException: no rates"));
    assertThat(report.findings().getFirst().message())
        .isEqualTo(
            "2 open runs would not get past `approve`: the predicate of \"large\" throws"
                + " java.lang.IllegalStateException: no rates (orders version 1; such as order-0)");
  }

  @Test
  void listsAThousandDifferentFindingsAndCountsTheRest() throws Exception {
    older.ran(Order.reviewedOver(1_000), orders(1_010, 1));

    var report = check(throwing(""));

    assertThat(report.findings()).hasSize(1_000);
    assertThat(report.unlisted()).isEqualTo(10);
    assertThat(report.toString()).contains("\nand 10 more that are not listed\n");
  }

  /// Of a time when orders had no currency.
  private static final class WithoutCurrency implements Codec {
    private static final String CURRENCY = ",\"currency\":\"EUR\"";
    private final Codec codec = new JacksonCodec();

    @Override
    public Encoded encode(Object value, Type type) {
      var whole = (Encoded.Bytes) codec.encode(value, type);
      var json = new String(whole.bytes(), StandardCharsets.UTF_8);
      return new Encoded.Bytes(json.replace(CURRENCY, "").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Object decode(Encoded encoded, Type type) {
      var json = new String(((Encoded.Bytes) encoded).bytes(), StandardCharsets.UTF_8);
      var whole = json.replaceFirst(",\"marks\"", CURRENCY + ",\"marks\"");
      return codec.decode(new Encoded.Bytes(whole.getBytes(StandardCharsets.UTF_8)), type);
    }

    @Override
    public List<String> problems(Type type) {
      return List.of();
    }
  }

  @Test
  void namesTheComponentThatARecordedStateLacks() throws Exception {
    var without = new Older(new WithoutCurrency());
    without.ran(Order.reviewedOver(1_000), orders(2, 1));

    var report = Compatibility.of(Order.reviewedOver(1_000)).check(without.store());

    var reason =
        "a stored value cannot be read as " + Order.class.getName() + ": missing `currency`";
    assertThat(report.findings())
        .extracting(Found::finding, Found::runs)
        .containsExactly(
            tuple(new Unreadable("", reason), 2L), tuple(new Unreadable("approve", reason), 2L));
    assertThat(report.findings().getLast().message())
        .isEqualTo(
            "2 open runs have a state that this build cannot read, made by `approve`: "
                + reason
                + " (orders version 1; such as order-0)");
    assertThat(
            Compatibility.of(Order.reviewedOver(1_000))
                .codec(new WithoutCurrency())
                .check(without.store())
                .isClean())
        .isTrue();
  }

  @Test
  void readsStatesThatAreStoredAsPatchesInLongHistories() throws Exception {
    older.ran(marking(200), Order.of("long", 1));

    var same = findings(marking(200));
    var other = findings(marking(100));

    assertThat(same).isEmpty();
    assertThat(other)
        .containsExactly(new AnotherEdge("mark", new Way("again", "mark"), new Way("", "wait")));
  }

  /// Marks its state so many times, each time by a few bytes more, then waits.
  private static Workflow<Order> marking(int times) {
    var g = Order.graph();
    var mark =
        g.step(
            "mark",
            order ->
                new Order(
                    order.id(),
                    order.total() + 1,
                    order.currency(),
                    order.marks().isEmpty()
                        ? IntStream.range(0, 2_000).mapToObj(Integer::toString).toList()
                        : order.marks()));
    var wait = g.delay("wait", Order::never);
    g.start(mark).path(wait, g.end());
    mark.when("again", order -> order.total() < times, mark).otherwise(wait);
    return g.build();
  }

  private enum Status {
    NEW,
    PAID,
    PACKED,
    SENT
  }

  private static Order in(Order order, Status status) {
    return new Order(order.id(), order.total(), status.name(), order.marks());
  }

  /// New orders go on at once, to a status in which they are held, and are sent then.
  private static Workflow<Order> machine(Status held, Status paid) {
    return Workflow.machine(
            "orders", Order.class, Status.class, order -> Status.valueOf(order.currency()))
        .on(Status.NEW, (order, ctx) -> in(order, paid), Status.PAID, Status.PACKED)
        .onTimeout(held, Duration.ofDays(300), (order, ctx) -> in(order, Status.SENT), Status.SENT)
        .on(
            held == Status.PAID ? Status.PACKED : Status.PAID,
            (order, ctx) -> in(order, Status.SENT),
            Status.SENT)
        .ends(Status.SENT)
        .build();
  }

  @Test
  void knowsTheStatusesOfMachines() throws Exception {
    var before = machine(Status.PAID, Status.PAID);
    older.ran(before, in(Order.of("order-42", 1), Status.NEW));
    var g = Workflow.graph("orders", Order.class);
    var start = g.step("start", order -> order);
    var fresh = g.step("NEW", order -> order);
    g.start(start).path(fresh, g.end());
    start.when("NEW", order -> order.currency().equals("NEW"), fresh).otherwise(fresh);

    assertThat(findings(before)).isEmpty();
    assertThat(findings(machine(Status.PACKED, Status.PACKED))).isEmpty();
    assertThat(findings(g.build())).contains(new NodeGone("PAID"));
  }

  @Test
  void readsReferencesAsTheyAre() throws Exception {
    var references = new Older(Codec.references());
    references.ran(Order.reviewedOver(1_000), Order.of("order-42", 1_500));

    var report = Compatibility.of(Order.reviewedOver(2_000)).check(references.store());

    assertThat(report.findings()).extracting(Found::example).containsExactly("order-42");
  }

  @Test
  void saysThatThereIsNoCodec() throws Exception {
    older.ran(Order.reviewedOver(1_000), Order.of("small", 1));
    var thread = Thread.currentThread();
    var loader = thread.getContextClassLoader();
    thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      assertThatThrownBy(() -> check(Order.reviewedOver(1_000)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("add the dependency dev.pawl:pawl-jackson");
    } finally {
      thread.setContextClassLoader(loader);
    }
  }

  @Test
  void refusesTwoWorkflowsOfOneNameAndVersion() {
    assertThatThrownBy(() -> check(Order.reviewedOver(1), Order.reviewedOver(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("orders version 1");
  }

  @Test
  void checksBesideAnEngineThatRuns() throws Exception {
    var workflow = Order.reviewedOver(1_000);
    try (var engine = older.engine().register(workflow).start()) {
      engine.start(workflow, "large", Order.of("large", 2_000));

      assertThat(check(workflow).runs()).isEqualTo(1);

      engine.start(workflow, "small", Order.of("small", 1));
      assertThat(check(workflow)).isEqualTo(new Report(2, List.of(), 0));
    }
  }
}
