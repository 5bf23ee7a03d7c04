package dev.pawl.behaviour;

import dev.pawl.engine.Engine;
import dev.pawl.engine.Limits;
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
    Engine open(Path directory, Limits limits) {
      return Engine.builder().memory().limits(limits).start();
    }
  },
  SQLITE {
    @Override
    Engine open(Path directory, Limits limits) {
      return Engine.builder().sqlite(directory.resolve("pawl.db")).limits(limits).start();
    }
  };

  /// An engine that keeps its runs in `directory`, where it keeps any.
  abstract Engine open(Path directory, Limits limits);

  Engine open(Path directory) {
    return open(directory, Limits.DEFAULT);
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
