package dev.pawl.parity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The Java sources of the modules in which tests can stand: all of `src/test`, and the suites that
/// `src/main` of the test kit offers.
///
/// @param types by name, the files that declare a top-level type of that name
record TestSources(Map<String, List<Source>> types) {
  private static final Pattern PARENT =
      Pattern.compile("(?:\\b(?:extends|implements)|,)\\s+(\\w+)");

  /// A source file.
  ///
  /// @param module the directory of its module
  record Source(String module, String text) {}

  static TestSources read(Path root) throws IOException {
    var types = new HashMap<String, List<Source>>();
    for (var module : TestReports.modules(root)) {
      var directory = root.resolve(module).resolve("src");
      for (var file : javaFiles(directory)) {
        var type = String.valueOf(file.getFileName()).replace(".java", "");
        types.merge(
            type,
            List.of(new Source(module, Files.readString(file))),
            (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
      }
    }
    return new TestSources(types);
  }

  /// Why there is no such test, if so.
  Optional<String> complaint(NamedTest test) {
    var candidates =
        types.getOrDefault(test.type(), List.of()).stream()
            .filter(source -> test.canBeIn(source.module()))
            .toList();
    if (candidates.isEmpty()) {
      return Optional.of("`" + test + "`: there is no such class");
    }
    return candidates.stream().anyMatch(source -> declares(source, test.method(), new HashSet<>()))
        ? Optional.empty()
        : Optional.of("`" + test + "`: the class has no such method");
  }

  /// Whether the class of the test stands in that module.
  boolean isIn(String module, NamedTest test) {
    return types.getOrDefault(test.type(), List.of()).stream()
        .anyMatch(source -> source.module().equals(module) && test.canBeIn(module));
  }

  /// Whether the file, or a suite that it inherits from, declares the method.
  ///
  /// @param seen where it was looked for before
  private boolean declares(Source source, String method, Set<Source> seen) {
    if (!seen.add(source)) {
      return false;
    }
    if (Pattern.compile("\\bvoid " + method + "\\(").matcher(source.text()).find()) {
      return true;
    }
    return PARENT
        .matcher(source.text())
        .results()
        .flatMap(parent -> types.getOrDefault(parent.group(1), List.of()).stream())
        .anyMatch(parent -> declares(parent, method, seen));
  }

  private static List<Path> javaFiles(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var paths = Files.walk(directory)) {
      return paths.filter(path -> path.toString().endsWith(".java")).toList();
    }
  }
}
