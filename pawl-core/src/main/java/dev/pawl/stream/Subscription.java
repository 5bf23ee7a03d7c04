package dev.pawl.stream;

/// What a consumer reads, and from where on. A value; begin with [#of].
///
/// @param topic the topic
/// @param consumer the name under which its cursor is kept
/// @param start where it begins
/// @param member which part of the keys it reads, from 0 on
/// @param members how many parts there are: each key belongs to one, and to the same as long as
///   their number is the same
public record Subscription(String topic, String consumer, Start start, int member, int members) {
  /// Checks the names and numbers.
  ///
  /// @throws IllegalArgumentException if a name is empty or the member is none of the members
  public Subscription {
    if (topic.isEmpty() || consumer.isEmpty()) {
      throw new IllegalArgumentException("a subscription needs a topic and a consumer's name");
    }
    if (member < 0 || member >= members) {
      throw new IllegalArgumentException(
          "member " + member + " is none of " + members + "; members count from 0 on");
    }
  }

  /// Where a consumer begins.
  public sealed interface Start {
    /// Where a consumer begins that has no cursor yet; one that has a cursor goes on there.
    enum First implements Start {
      /// With the oldest event.
      EARLIEST,
      /// With the first event that is appended after it was opened.
      LATEST
    }

    /// Behind a position, wherever the cursor is.
    ///
    /// @param position that of an entry of this stream
    record After(String position) implements Start {}
  }

  /// All of a topic, from its oldest event on.
  public static Subscription of(String topic, String consumer) {
    return new Subscription(topic, consumer, Start.First.EARLIEST, 0, 1);
  }

  /// Beginning with what is appended from now on, if the consumer has no cursor yet.
  public Subscription fromLatest() {
    return new Subscription(topic, consumer, Start.First.LATEST, member, members);
  }

  /// Once more from behind a position, which becomes the cursor.
  ///
  /// @param position that of an entry of this stream
  public Subscription replayAfter(String position) {
    return new Subscription(topic, consumer, new Start.After(position), member, members);
  }

  /// Only the keys of one of several members, so that several processes share the topic. When their
  /// number changes, each goes on where the last of the members before had been; what some of them
  /// had read further comes again.
  public Subscription member(int member, int members) {
    return new Subscription(topic, consumer, start, member, members);
  }
}
