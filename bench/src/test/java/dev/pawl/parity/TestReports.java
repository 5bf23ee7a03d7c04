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
import java.util.TreeSet;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// What the tests of the modules reported when they ran, by module and `Class.method`.
///
/// @param passed the methods of which some invocation passed and none failed
/// @param notPassed those that were only skipped, or failed
record TestReports(Map<String, Set<String>> passed, Map<String, Set<String>> notPassed) {

  /// Reads the reports of every module under `root`.
  static TestReports read(Path root) throws IOException, XMLStreamException {
    var reports = new TestReports(new HashMap<>(), new HashMap<>());
    for (var module : modules(root)) {
      var directory = root.resolve(module).resolve("target/surefire-reports");
      if (Files.isDirectory(directory)) {
        reports.readModule(module, directory);
      }
    }
    return reports;
  }

  /// The directories of the modules.
  static Set<String> modules(Path root) throws IOException {
    try (var paths = Files.list(root)) {
      var names = new TreeSet<String>();
      paths
          .filter(path -> Files.exists(path.resolve("pom.xml")))
          .forEach(path -> names.add(String.valueOf(path.getFileName())));
      return names;
    }
  }

  /// Why the test cannot be called run and passed, if so.
  Optional<String> complaint(NamedTest test) {
    if (isIn(passed, test)) {
      return Optional.empty();
    }
    return Optional.of(
        "`" + test + "` " + (isIn(notPassed, test) ? "was skipped or failed" : "was not run"));
  }

  private static boolean isIn(Map<String, Set<String>> methods, NamedTest test) {
    var name = test.type() + "." + test.method();
    return methods.entrySet().stream()
        .anyMatch(entry -> test.canBeIn(entry.getKey()) && entry.getValue().contains(name));
  }

  private void readModule(String module, Path directory) throws IOException, XMLStreamException {
    var passing = new HashSet<String>();
    var failing = new HashSet<String>();
    var skipped = new HashSet<String>();
    for (var file : reportFiles(directory)) {
      readFile(file, passing, failing, skipped);
    }
    passing.removeAll(failing);
    skipped.removeAll(passing);
    failing.addAll(skipped);
    passed.put(module, passing);
    notPassed.put(module, failing);
  }

  private static List<Path> reportFiles(Path directory) throws IOException {
    try (var paths = Files.newDirectoryStream(directory, "TEST-*.xml")) {
      var files = new TreeSet<Path>();
      paths.forEach(files::add);
      return List.copyOf(files);
    }
  }

  private static void readFile(
      Path file, Set<String> passing, Set<String> failing, Set<String> skipped)
      throws IOException, XMLStreamException {
    try (var in = Files.newInputStream(file)) {
      var xml = XMLInputFactory.newDefaultFactory().createXMLStreamReader(in);
      var test = "";
      var outcome = passing;
      while (xml.hasNext()) {
        int event = xml.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          switch (xml.getLocalName()) {
            case "testcase" -> {
              test = name(xml);
              outcome = passing;
            }
            case "skipped" -> outcome = skipped;
            case "failure", "error" -> outcome = failing;
            default -> {}
          }
        } else if (event == XMLStreamConstants.END_ELEMENT
            && xml.getLocalName().equals("testcase")) {
          outcome.add(test);
        }
      }
      xml.close();
    }
  }

  /// `Class.method`, of the innermost class, without the arguments of an invocation.
  private static String name(XMLStreamReader testcase) {
    var type = testcase.getAttributeValue(null, "classname").replaceFirst(".*[.$]", "");
    var method = testcase.getAttributeValue(null, "name").replaceFirst("[^\\w].*", "");
    return type + "." + method;
  }
}
