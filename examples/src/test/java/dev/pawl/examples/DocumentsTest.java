package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The pieces of Java in the README and under `docs` stand in sources that are compiled.
class DocumentsTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern PIECE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void showOnlyJavaThatIsCompiled() throws IOException {
    var sources = sources();
    var strangers = new ArrayList<String>();
    int pieces = 0;

    for (var document : documents()) {
      for (var piece : pieces(document)) {
        pieces++;
        if (sources.stream().noneMatch(source -> source.contains(piece))) {
          strangers.add(document + ": " + piece);
        }
      }
    }

    assertThat(strangers).isEmpty();
    assertThat(pieces).isGreaterThan(20);
  }

  private static List<Path> documents() throws IOException {
    try (var documents = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(Stream.of(ROOT.resolve("README.md")), documents.sorted())
          .filter(file -> file.toString().endsWith(".md"))
          .toList();
    }
  }

  private static List<String> pieces(Path document) throws IOException {
    return PIECE
        .matcher(Files.readString(document))
        .results()
        .map((MatchResult piece) -> inOneLine(piece.group(1)))
        .toList();
  }

  /// The examples with their tests, and the tests of the test kit.
  private static List<String> sources() throws IOException {
    var sources = new ArrayList<String>();
    for (var folder : List.of(Path.of("src"), ROOT.resolve("pawl-testkit/src/test"))) {
      try (var files = Files.walk(folder)) {
        for (var file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
          sources.add(inOneLine(Files.readString(file)));
        }
      }
    }
    return sources;
  }

  /// Indentation and line breaks may differ.
  private static String inOneLine(String code) {
    return code.replaceAll("\\s+", " ").strip();
  }
}
