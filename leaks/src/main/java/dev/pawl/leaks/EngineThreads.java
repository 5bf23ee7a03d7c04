package dev.pawl.leaks;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The threads of engines that live now, platform and virtual, read from a thread dump: nothing
/// else that is public lists virtual threads.
final class EngineThreads {
  /// A thread of a dump: its number, its name, and then its stack, until an empty line.
  private static final Pattern THREAD = Pattern.compile("(?ms)^#(\\d+) \"pawl-.*?(?=\\R\\R|\\z)");

  private EngineThreads() {}

  /// Each living thread whose name starts with `pawl-`, as the dump shows it, by its number.
  static Map<Long, String> living() {
    var threads = new TreeMap<Long, String>();
    var matcher = THREAD.matcher(dump());
    while (matcher.find()) {
      threads.put(Long.valueOf(matcher.group(1)), matcher.group());
    }
    return threads;
  }

  private static String dump() {
    try {
      var directory = Files.createTempDirectory("threads");
      var file = directory.resolve("dump");
      try {
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
            .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
        return Files.readString(file);
      } finally {
        delete(file, directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file, Path directory) throws IOException {
    Files.deleteIfExists(file);
    Files.delete(directory);
  }
}
