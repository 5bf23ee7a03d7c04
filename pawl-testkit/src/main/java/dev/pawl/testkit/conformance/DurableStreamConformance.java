package dev.pawl.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.store.CodecException;
import dev.pawl.store.Encoded;
import dev.pawl.stream.Event;
import dev.pawl.stream.Subscription;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a stream has to do that outlives its process. While a test runs, [#open()] opens the same
/// stream each time it is called.
public abstract class DurableStreamConformance extends StreamConformance {
  /// For subclasses.
  protected DurableStreamConformance() {}

  @Test
  final void keepsEventsAndCursorsWhenItIsOpenedAgain() throws InterruptedException {
    append("1", "2", "3");
    var source = stream().open(Subscription.of(TOPIC, "reader"));
    source.acknowledge(read(source, 2).getLast());

    stream().close();
    replace(open());

    var again = stream().open(Subscription.of(TOPIC, "reader"));
    assertThat(ids(read(again, 1))).containsExactly("3");
    assertNothingMore(again);
    append("4");
    assertThat(ids(read(again, 1))).containsExactly("4");
  }

  @Test
  final void keepsTheBeginningOfAConsumerThatAskedForTheLatest() throws InterruptedException {
    append("before");
    stream().open(Subscription.of(TOPIC, "reader").fromLatest());
    append("after");

    stream().close();
    replace(open());

    var again = stream().open(Subscription.of(TOPIC, "reader").fromLatest());
    assertThat(ids(read(again, 1))).containsExactly("after");
  }

  @Test
  final void refusesAPayloadThatHasNoStoredForm() throws InterruptedException {
    var payload = new Encoded.Reference(new Object());
    var event = new Event(TOPIC, "1", "key", payload, Map.of(), Instant.EPOCH);

    assertThatThrownBy(() -> stream().append(List.of(event))).isInstanceOf(CodecException.class);

    assertNothingMore(stream().open(Subscription.of(TOPIC, "reader")));
    append("2");
  }
}
