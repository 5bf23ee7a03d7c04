package dev.pawl.testkit;

import dev.pawl.engine.EngineBuilder;
import dev.pawl.engine.Limits;
import dev.pawl.store.Codec;
import dev.pawl.store.Store;
import dev.pawl.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Sets up a [TestEngine] with another store, codec or limits. Not thread-safe.
public final class TestEngineBuilder {
  private final List<Workflow<?>> workflows;
  private @Nullable Supplier<? extends Store> store;
  private @Nullable Codec codec;
  private Limits limits = Limits.DEFAULT;
  private Consumer<EngineBuilder> setup = engine -> {};
  private Duration patience = Duration.ofSeconds(20);

  TestEngineBuilder(Workflow<?>... workflows) {
    this.workflows = List.of(workflows);
  }

  /// Keeps runs in this store: `store(() -> SqliteStore.open(file))`.
  ///
  /// @param open opens it; called for each process, so again after each restart and crash. Each is
  ///   closed when its process ends. Without it, one store in memory outlives the processes
  public TestEngineBuilder store(Supplier<? extends Store> open) {
    this.store = open;
    return this;
  }

  /// Stores values with this codec. Without it, the one that `ServiceLoader` finds is used, or
  /// [Codec#references()] where it finds none; then nothing is encoded, and what does not survive
  /// that is not found.
  public TestEngineBuilder codec(Codec codec) {
    this.codec = codec;
    return this;
  }

  /// With these limits.
  public TestEngineBuilder limits(Limits limits) {
    this.limits = limits;
    return this;
  }

  /// Sets up the engine of each process further: `setup(engine -> engine.hook(alert))`. The test
  /// engine itself sets its store, codec, limits, turns and workflows.
  public TestEngineBuilder setup(Consumer<EngineBuilder> setup) {
    this.setup = this.setup.andThen(setup);
    return this;
  }

  /// How long a step may compute, or block, in real time, before the test fails with its name; 20
  /// seconds without it. Looked at once a second.
  public TestEngineBuilder patience(Duration patience) {
    this.patience = patience;
    return this;
  }

  /// Starts the engine. The current thread becomes the one that may use it, beside the steps that
  /// it runs.
  public TestEngine start() {
    var chosen = codec;
    return new TestEngine(
        workflows,
        store,
        chosen != null
            ? chosen
            : ServiceLoader.load(Codec.class).findFirst().orElseGet(Codec::references),
        limits,
        setup,
        patience);
  }
}
