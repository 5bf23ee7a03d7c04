package dev.pawl.testkit.fault;

import dev.pawl.store.MemoryStore;
import dev.pawl.store.Store;
import dev.pawl.testkit.conformance.StoreConformance;

final class FaultyStoreConformanceTest extends StoreConformance {
  @Override
  protected Store open() {
    return FaultyStore.over(new MemoryStore());
  }
}
