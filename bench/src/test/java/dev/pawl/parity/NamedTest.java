package dev.pawl.parity;

import java.util.Optional;
import java.util.regex.Pattern;

/// A test method as the document names it: `Class.method`, or `module: Class.method`.
record NamedTest(Optional<String> module, String type, String method) {
  private static final Pattern FORM =
      Pattern.compile("(?:(?<module>[a-z-]+): )?(?<type>[A-Z]\\w*)\\.(?<method>[a-z]\\w*)");

  static Optional<NamedTest> of(String text) {
    var matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new NamedTest(
                Optional.ofNullable(matcher.group("module")),
                matcher.group("type"),
                matcher.group("method")))
        : Optional.empty();
  }

  boolean canBeIn(String directory) {
    return module.isEmpty() || module.get().equals(directory);
  }

  @Override
  public String toString() {
    return module.map(name -> name + ": ").orElse("") + type + "." + method;
  }
}
