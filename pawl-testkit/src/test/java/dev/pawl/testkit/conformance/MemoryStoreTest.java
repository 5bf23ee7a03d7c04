package dev.pawl.testkit.conformance;

import dev.pawl.store.MemoryStore;
import dev.pawl.store.Store;

final class MemoryStoreTest extends StoreConformance {
  @Override
  protected Store open() {
    return new MemoryStore();
  }
}
