package dev.pawl.testkit;

import dev.pawl.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Starts engines for the tests of a JUnit class, and closes them after each test. When a test
/// fails, what became of its runs is added to the failure, and to JUnit's report under `runs`.
///
/// ```java
/// @RegisterExtension final TestEngines engines = new TestEngines();
/// ```
///
/// An instance field, so that each test has its own.
public final class TestEngines implements AfterEachCallback {
  private final List<TestEngine> engines = new ArrayList<>();

  /// Without engines, as yet.
  public TestEngines() {}

  /// An engine with these workflows, as [TestEngine#of].
  public TestEngine of(Workflow<?>... workflows) {
    return start(TestEngine.builder(workflows));
  }

  /// An engine with another store, codec or limits.
  public TestEngine start(TestEngineBuilder builder) {
    var engine = builder.start();
    engines.add(engine);
    return engine;
  }

  /// Closes the engines. Called by JUnit.
  ///
  /// @throws AssertionError if an engine has found something that no test was told of
  @Override
  public void afterEach(ExtensionContext context) {
    var report = new StringBuilder();
    engines.forEach(engine -> report.append(engine.report()));
    context.getExecutionException().ifPresent(failure -> add(report, failure, context));
    try {
      closeAll();
    } catch (Throwable failure) {
      add(report, failure, context);
      throw failure;
    }
  }

  private static void add(CharSequence report, Throwable failure, ExtensionContext context) {
    if (!report.isEmpty()) {
      failure.addSuppressed(new Runs("runs of this test:\n" + report));
      context.publishReportEntry("runs", report.toString());
    }
  }

  private void closeAll() {
    AssertionError found = null;
    for (var engine : engines) {
      try {
        engine.close();
      } catch (AssertionError e) {
        found = e;
      }
    }
    engines.clear();
    if (found != null) {
      throw found;
    }
  }

  /// What became of the runs of a failed test.
  private static final class Runs extends Exception {
    private static final long serialVersionUID = 1;

    Runs(String report) {
      super(report, null, false, false);
    }
  }
}
