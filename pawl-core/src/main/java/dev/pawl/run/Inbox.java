package dev.pawl.run;

import java.util.ArrayList;
import java.util.List;

/// The messages of a run. Immutable.
///
/// @param accepted how many it has accepted
/// @param unused those that have met no wait yet, in order
public record Inbox(long accepted, List<Message> unused) {
  /// That of a run which has accepted nothing.
  public static final Inbox EMPTY = new Inbox(0, List.of());

  /// Copies the list.
  public Inbox {
    unused = List.copyOf(unused);
  }

  Inbox with(Message message) {
    var more = new ArrayList<Message>(unused.size() + 1);
    more.addAll(unused);
    more.add(message);
    return new Inbox(message.number(), more);
  }

  Inbox without(Message message) {
    return new Inbox(
        accepted, unused.stream().filter(each -> each.number() != message.number()).toList());
  }
}
