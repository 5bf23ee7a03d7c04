package dev.pawl.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.store.MemoryStore;
import dev.pawl.store.Store;
import org.junit.jupiter.api.Test;

final class MemoryStoreTest extends StoreConformance {
  @Override
  protected Store open() {
    return new MemoryStore();
  }

  @Test
  void tellsAWriterThatWasReplacedFromOneThatGaveTheRightBack() {
    try (var store = new MemoryStore()) {
      var replaced = store.writer();
      var closed = store.writer();

      replaced.close();
      closed.close();

      assertThat(store.gaveBack(replaced.id())).isFalse();
      assertThat(store.gaveBack(closed.id())).isTrue();
    }
  }
}
