package dev.pawl.workflow;

import java.util.Optional;

/// What a name may look like.
final class Names {
  static final String MEND =
      "use 1 to 100 characters, none of them a control character, '/', '|' or ','";

  private static final int LONGEST = 100;
  private static final String RESERVED = "/|,";

  private Names() {}

  /// What is wrong with a name.
  static Optional<String> flaw(String name) {
    if (name.isEmpty()) {
      return Optional.of("is empty");
    }
    if (name.length() > LONGEST) {
      return Optional.of("has " + name.length() + " characters");
    }
    return name.chars().boxed().flatMap(c -> flaw((char) c.intValue()).stream()).findFirst();
  }

  private static Optional<String> flaw(char c) {
    if (Character.isISOControl(c)) {
      return Optional.of("contains the control character %04x".formatted((int) c));
    }
    return RESERVED.indexOf(c) < 0 ? Optional.empty() : Optional.of("contains '" + c + "'");
  }
}
