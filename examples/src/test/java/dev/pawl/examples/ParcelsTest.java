package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.connect.Connection;
import dev.pawl.engine.Engine;
import dev.pawl.examples.Parcels.Sent;
import dev.pawl.jackson.JacksonCodec;
import dev.pawl.stream.Subscription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Parcels from a file.
@Timeout(60)
class ParcelsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final JacksonCodec CODEC = new JacksonCodec();

  @TempDir Path folder;

  private Path lines() throws IOException {
    return Files.write(
        folder.resolve("parcels.jsonl"),
        List.of(
            "{\"id\": \"p-1\", \"grams\": 500, \"label\": \"\"}",
            "{\"id\": \"p-2\", \"grams\": 90000, \"label\": \"\"}",
            "{\"id\": \"p-3\", \"grams\": 700, \"label\": \"\"}"));
  }

  private static String take(String key, Parcels.Parcel parcel) throws IOException {
    if (parcel.grams() > 30_000) {
      throw new IOException("too heavy: " + parcel.id());
    }
    return "label of " + parcel.id() + " " + key.length();
  }

  @Test
  void areSentOnceEachThoughTheFileIsReadTwiceAndSomebodyHearsOfThoseThatFail() throws Exception {
    var file = lines();
    var parcels = Parcels.workflow(ParcelsTest::take);
    Map<String, String> woken = new ConcurrentHashMap<>();
    var awake = new CountDownLatch(1);
    var alarm =
        Parcels.alarm((id, what) -> {
          woken.put(id, what);
          awake.countDown();
        });
    var sent = new ArrayList<String>();

    try (var engine =
        Engine.builder()
            .sqlite(folder.resolve("parcels.db"))
            .register(parcels)
            .hook(alarm)
            .start()) {
      try (var connection = Parcels.connector(engine, file, parcels).start(engine)) {
        assertThat(connection.await(LIMIT).state()).isEqualTo(Connection.State.ENDED);
      }
      engine.log().reset("file:parcels.jsonl", "parcels", "0/1", 0);
      try (var connection = Parcels.connector(engine, file, parcels).start(engine)) {
        assertThat(connection.await(LIMIT).known()).isEqualTo(3);
      }

      try (var source = engine.events().open(Subscription.of("parcels.sent", "billing"))) {
        while (sent.size() < 2) {
          for (var entry : source.next(100, Duration.ofSeconds(10))) {
            sent.add(entry.event().value(CODEC, Sent.class).id());
            source.acknowledge(entry);
          }
        }
      }
      try (var source = engine.events().open(Subscription.of("parcels.sent", "billing"))) {
        assertThat(source.next(100, Duration.ZERO)).isEmpty();
      }
      awake.await();
    }

    assertThat(sent).containsExactlyInAnyOrder("p-1", "p-3");
    assertThat(woken.values()).containsExactly("p-2: java.io.IOException: too heavy: p-2");
  }

  @Test
  void sayWhatBecameOfThem() throws Exception {
    assertThat(Printed.by(Parcels::main, folder))
        .containsExactlyInAnyOrder(
            "started 3",
            "p-1: COMPLETED",
            "p-2: FAILED",
            "p-3: COMPLETED",
            "alarm: p-2: java.io.IOException: p-2 is too heavy");
  }
}
