package dev.pawl.testkit.compat;

import dev.pawl.workflow.PawlException;
import java.nio.file.Path;

/// A recording cannot be read. The message names the file and the line, and says what to do.
public final class BadRecording extends PawlException {
  private static final long serialVersionUID = 1;

  BadRecording(String message) {
    super(message);
  }

  BadRecording(Path file, long line, String message) {
    super(file + ":" + line + ": " + message);
  }

  BadRecording(Path file, long line, String message, Throwable cause) {
    super(file + ":" + line + ": " + message, cause);
  }
}
