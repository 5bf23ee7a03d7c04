import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/// Runs google-java-format over every Java source below a directory: `check` fails when a file is
/// not formatted, `apply` formats in place.
final class Format {
  private Format() {}

  public static void main(String[] args) throws Exception {
    var check =
        switch (args[0]) {
          case "check" -> true;
          case "apply" -> false;
          default -> throw new IllegalArgumentException("-Dformat=" + args[0] + ": check or apply");
        };

    var arguments = new ArrayList<String>();
    if (check) {
      arguments.addAll(List.of("--dry-run", "--set-exit-if-changed"));
    } else {
      arguments.add("--replace");
    }
    arguments.addAll(sources(Path.of(args[1])));

    var out = new PrintWriter(System.out, true);
    var err = new PrintWriter(System.err, true);
    var status = new Main(out, err, System.in).format(arguments.toArray(String[]::new));
    if (status != 0 && check) {
      err.println("The files above are not formatted. To format them: .ci/format");
    }
    System.exit(status);
  }

  private static List<String> sources(Path root) throws IOException {
    var sources = new ArrayList<String>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            var name = String.valueOf(directory.getFileName());
            return name.equals("target") || name.equals(".git")
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              sources.add(file.toString());
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return sources;
  }
}
