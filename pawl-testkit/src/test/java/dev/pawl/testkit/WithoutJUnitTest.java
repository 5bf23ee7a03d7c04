package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.workflow.Workflow;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class WithoutJUnitTest {
  /// A test without any framework.
  static final class Plain implements Runnable {
    private record Count(int value) {}

    @Override
    public void run() {
      var g = Workflow.graph("plain", Count.class);
      var add = g.step("add", count -> new Count(count.value() + 1));
      g.start(add).path(add, g.end("over"));
      var plain = g.build();
      try (var engine = TestEngine.of(plain)) {
        engine.at("add").crashesAfterEffect(1);
        var run = engine.start(plain, "p-1", new Count(1));
        engine.settle();
        if (run.state().value() != 2 || isThere("org.junit.jupiter.api.Test")) {
          throw new AssertionError(engine.report());
        }
      }
    }

    private static boolean isThere(String type) {
      try {
        return Class.forName(type, false, Plain.class.getClassLoader()) != null;
      } catch (ClassNotFoundException e) {
        return false;
      }
    }
  }

  @Test
  void needsNeitherJUnitNorAssertJ() throws ReflectiveOperationException, IOException {
    var places =
        Arrays.stream(
                System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)))
            .filter(place -> !Path.of(place).getFileName().toString().matches("(junit|assertj).*"))
            .map(WithoutJUnitTest::url)
            .toArray(URL[]::new);

    try (var loader = new URLClassLoader(places, ClassLoader.getPlatformClassLoader())) {
      var plain = loader.loadClass(Plain.class.getName()).getDeclaredConstructor();
      plain.setAccessible(true);
      var thread = Thread.currentThread();
      var before = thread.getContextClassLoader();
      thread.setContextClassLoader(loader);
      try {
        ((Runnable) plain.newInstance()).run();
      } finally {
        thread.setContextClassLoader(before);
      }
    }

    assertThat(places).isNotEmpty();
  }

  private static URL url(String place) {
    try {
      return Path.of(place).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(place, e);
    }
  }
}
