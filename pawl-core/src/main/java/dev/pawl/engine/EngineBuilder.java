package dev.pawl.engine;

import dev.pawl.engine.turns.Turns;
import dev.pawl.store.Codec;
import dev.pawl.store.MemoryStore;
import dev.pawl.store.Store;
import dev.pawl.store.StoreProvider;
import dev.pawl.stream.EventStream;
import dev.pawl.workflow.Workflow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/// Sets up a durable engine: `Engine.builder().sqlite(file).register(workflow).start()`. Not
/// thread-safe.
public final class EngineBuilder {
  private final List<Workflow<?>> workflows = new ArrayList<>();
  private @Nullable Path file;
  private @Nullable Store store;
  private @Nullable Codec codec;
  private Limits limits = Limits.DEFAULT;
  private boolean verify;
  private final List<Hook> hooks = new ArrayList<>();
  private @Nullable EventStream stream;
  private Turns turns = Turns.system();

  EngineBuilder() {}

  /// Keeps runs in a SQLite file, which is made if there is none. One engine at a time may have it.
  public EngineBuilder sqlite(Path file) {
    this.file = file;
    this.store = null;
    return this;
  }

  /// Keeps runs in memory: they end with the engine.
  public EngineBuilder memory() {
    this.file = null;
    this.store = null;
    return this;
  }

  /// Keeps runs in this store, which the engine does not close.
  public EngineBuilder store(Store store) {
    this.store = store;
    this.file = null;
    return this;
  }

  /// Stores values with this codec. Without it, the one that `ServiceLoader` finds is used; in
  /// memory, references are kept where it finds none.
  public EngineBuilder codec(Codec codec) {
    this.codec = codec;
    return this;
  }

  /// With these limits.
  public EngineBuilder limits(Limits limits) {
    this.limits = limits;
    return this;
  }

  /// Decodes every state again before it is stored, and fails the attempt when it is not equal. For
  /// tests; it doubles the cost of encoding.
  public EngineBuilder verifyStates() {
    this.verify = true;
    return this;
  }

  /// Makes definitions known from the start.
  public EngineBuilder register(Workflow<?>... workflows) {
    this.workflows.addAll(List.of(workflows));
    return this;
  }

  /// Calls hooks, each for what it wants to hear of runs. What a hook heard of under its name
  /// before and has not taken, it hears now.
  public EngineBuilder hook(Hook... hooks) {
    this.hooks.addAll(List.of(hooks));
    return this;
  }

  /// Sends what steps publish to this stream, which the engine does not close, instead of to the
  /// log of its store.
  public EngineBuilder publishTo(EventStream stream) {
    this.stream = stream;
    return this;
  }

  /// Takes time, randomness and threads from here.
  public EngineBuilder turns(Turns turns) {
    this.turns = turns;
    return this;
  }

  /// Opens the store, takes it over, and goes on with the runs that were running.
  ///
  /// @throws dev.pawl.store.StoreException if the store cannot be opened, or another engine has it
  /// @throws IncompatibleDefinition if open runs stand at nodes that a definition lacks
  /// @throws IllegalArgumentException if two hooks have the same name
  public Engine start() {
    var listening = new Hooks(hooks);
    var given = store;
    var opened = given != null ? given : open();
    DurableEngine engine;
    try {
      engine =
          new DurableEngine(
              turns, opened, given == null, theCodec(), limits, verify, listening, stream);
    } catch (RuntimeException e) {
      if (given == null) {
        opened.close();
      }
      throw e;
    }
    try {
      engine.register(workflows.toArray(Workflow<?>[]::new));
      return engine;
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  private Store open() {
    var path = file;
    if (path == null) {
      return new MemoryStore();
    }
    return ServiceLoader.load(StoreProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.kind().equals("sqlite"))
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(
                "no SQLite store on the class path; add the dependency dev.pawl:pawl-jdbc"))
        .open(path);
  }

  private Codec theCodec() {
    var chosen = codec;
    if (chosen != null) {
      return chosen;
    }
    var found = ServiceLoader.load(Codec.class).findFirst();
    if (found.isEmpty() && file != null) {
      throw new IllegalStateException(
          "no codec on the class path; add the dependency dev.pawl:pawl-jackson");
    }
    return found.orElseGet(Codec::references);
  }
}
