package dev.pawl.workflow;

import java.util.Optional;

/// What names and labels may look like.
final class Names {
  static final String MEND =
      "use 1 to 100 characters, none of them a control character, '/', '|' or ','";
  static final String LABEL_MEND = "use 1 to 100 characters, none of them a control character";

  private static final int LONGEST = 100;

  private Names() {}

  /// What is wrong with a name.
  static Optional<String> flaw(String name) {
    return flaw(name, "/|,");
  }

  /// What is wrong with the label of an edge.
  static Optional<String> flawOfLabel(String label) {
    return flaw(label.strip(), "");
  }

  private static Optional<String> flaw(String text, String reserved) {
    if (text.isEmpty()) {
      return Optional.of("is empty");
    }
    if (text.length() > LONGEST) {
      return Optional.of("has " + text.length() + " characters");
    }
    return text.codePoints()
        .boxed()
        .flatMap(character -> flaw(character, reserved).stream())
        .findFirst();
  }

  private static Optional<String> flaw(int character, String reserved) {
    if (Character.isISOControl(character)) {
      return Optional.of("contains the control character %04x".formatted(character));
    }
    if (Character.getType(character) == Character.SURROGATE) {
      return Optional.of("contains half of the surrogate pair %04x".formatted(character));
    }
    return reserved.indexOf(character) < 0
        ? Optional.empty()
        : Optional.of("contains '" + Character.toString(character) + "'");
  }
}
