package dev.pawl.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// What figures were measured on.
///
/// @param processors how many the JVM may use
/// @param processor the model, as the system calls it
/// @param memory bytes of main memory
/// @param system name and version of the operating system
/// @param java vendor and version of the JVM
record Machine(int processors, String processor, long memory, String system, String java) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  static Machine here() {
    var system =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        processorModel(),
        system.getTotalMemorySize(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vendor") + " " + Runtime.version());
  }

  private static String processorModel() {
    try (var lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  /// The machine in a line.
  String text() {
    return "%d x %s, %d GiB, %s, %s"
        .formatted(processors, processor, Math.round(memory / (double) (1L << 30)), system, java);
  }
}
