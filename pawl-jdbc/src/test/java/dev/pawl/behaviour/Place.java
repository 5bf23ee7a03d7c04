package dev.pawl.behaviour;

import dev.pawl.engine.Engine;
import dev.pawl.engine.EngineBuilder;
import dev.pawl.engine.Limits;
import dev.pawl.jdbc.SqliteStore;
import dev.pawl.testkit.TestEngine;
import dev.pawl.workflow.Workflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where a workflow can run.
enum Place {
  INLINE {
    @Override
    Engine open(Path directory, Limits limits) {
      return Engine.inline();
    }
  },
  MEMORY {
    @Override
    EngineBuilder builder(Path directory) {
      return Engine.builder().memory();
    }
  },
  SQLITE {
    @Override
    EngineBuilder builder(Path directory) {
      return Engine.builder().sqlite(directory.resolve("pawl.db"));
    }
  };

  /// Sets up an engine that keeps its runs in `directory`, where it keeps any.
  EngineBuilder builder(Path directory) {
    throw new UnsupportedOperationException("an inline engine is not built");
  }

  /// An engine that keeps its runs in `directory`, where it keeps any.
  Engine open(Path directory, Limits limits) {
    return builder(directory).limits(limits).start();
  }

  Engine open(Path directory) {
    return open(directory, Limits.DEFAULT);
  }

  /// An engine in virtual time that keeps its runs in `directory`, where it keeps any.
  TestEngine inVirtualTime(Path directory, Workflow<?>... workflows) {
    var builder = TestEngine.builder(workflows);
    return this == SQLITE
        ? builder.store(() -> SqliteStore.open(directory.resolve("pawl.db"))).start()
        : builder.start();
  }

  /// Runs a workflow to its end on an engine of its own.
  <S> S run(Workflow<S> workflow, S state) throws InterruptedException, IOException {
    var directory = Files.createTempDirectory("pawl");
    try (var engine = open(directory)) {
      return engine.run(workflow, state);
    } finally {
      try (var files = Files.list(directory)) {
        for (var file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }
}
