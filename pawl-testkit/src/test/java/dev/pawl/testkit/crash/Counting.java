package dev.pawl.testkit.crash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// A program that counts to a number in a file, and acknowledges each number on its standard
/// output.
///
/// Arguments: the file, the number, and `kept` or `lost`: whether it writes a number before it
/// acknowledges it, or ten of them after the tenth.
final class Counting {
  private Counting() {}

  public static void main(String[] args) throws IOException {
    var file = Path.of(args[0]);
    int last = Integer.parseInt(args[1]);
    boolean keeps = args[2].equals("kept");
    var pending = new ArrayList<Integer>();
    try (var channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      for (int number = read(file).size() + 1; number <= last; number++) {
        pending.add(number);
        if (keeps) {
          write(channel, pending);
        }
        System.out.println("acknowledged " + number);
        System.out.flush();
        if (number % 10 == 0 || number == last) {
          write(channel, pending);
        }
      }
    }
  }

  private static void write(FileChannel channel, List<Integer> numbers) throws IOException {
    for (int number : numbers) {
      channel.write(ByteBuffer.wrap((number + "\n").getBytes(StandardCharsets.UTF_8)));
    }
    numbers.clear();
  }

  /// The numbers that a file holds.
  static List<Integer> read(Path file) throws IOException {
    return Files.exists(file)
        ? Files.readAllLines(file).stream().map(Integer::valueOf).toList()
        : List.of();
  }
}
