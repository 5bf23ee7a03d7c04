package dev.pawl.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;

/// What became of mutants.
///
/// @param mutants how many there were
/// @param killed how many of them a test noticed: it failed, never ended, or took the JVM with it
record Tally(int mutants, int killed) {
  static final Tally NONE = new Tally(0, 0);

  /// Reads PIT's report.
  ///
  /// @return the tally of each package
  static Map<String, Tally> read(Path report) throws IOException, XMLStreamException {
    var packages = new TreeMap<String, Tally>();
    try (var in = Files.newInputStream(report)) {
      var xml = XMLInputFactory.newDefaultFactory().createXMLStreamReader(in);
      var one = NONE;
      while (xml.hasNext()) {
        if (xml.next() != XMLStreamConstants.START_ELEMENT) {
          continue;
        }
        if (xml.getLocalName().equals("mutation")) {
          one = new Tally(1, xml.getAttributeValue(null, "detected").equals("true") ? 1 : 0);
        } else if (xml.getLocalName().equals("mutatedClass")) {
          packages.merge(packageOf(xml.getElementText()), one, Tally::plus);
        }
      }
      xml.close();
    }
    return packages;
  }

  private static String packageOf(String type) {
    return type.substring(0, type.lastIndexOf('.'));
  }

  Tally plus(Tally other) {
    return new Tally(mutants + other.mutants, killed + other.killed);
  }

  /// Whether there were mutants, and so many of a hundred were killed.
  boolean reaches(int percent) {
    return mutants > 0 && killed * 100L >= (long) mutants * percent;
  }

  String shown(String name) {
    double percent = mutants == 0 ? 0 : 100.0 * killed / mutants;
    return "%-32s %5d mutants %5d killed %5.1f %%".formatted(name, mutants, killed, percent);
  }
}
