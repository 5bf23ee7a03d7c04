package dev.pawl.testkit.conformance;

import dev.pawl.store.Store;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// What every store has to do. A test of a store extends this class, or [DurableStoreConformance]
/// if what the store keeps outlives the process.
public abstract class StoreConformance
    implements CommitCases,
        KeyCases,
        WaitCases,
        MessageCases,
        ReadCases,
        WriterCases,
        ScheduleCases,
        OutboxCases,
        RandomBatchCases {
  private StoreFixture fixture;

  /// For subclasses.
  protected StoreConformance() {}

  /// Opens the store; each test begins with an empty one, and the suite closes it.
  protected abstract Store open();

  @BeforeEach
  final void begin() {
    fixture = new StoreFixture(open());
  }

  @AfterEach
  final void end() {
    fixture.close();
  }

  @Override
  public final StoreFixture fixture() {
    return fixture;
  }
}
