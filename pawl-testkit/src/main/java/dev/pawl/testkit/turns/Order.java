package dev.pawl.testkit.turns;

/// Chooses what the [Scheduler] does next. Called by one thread at a time.
public interface Order {
  /// The first comes first; threads give way only where they wait, and time only passes when all
  /// do.
  Order FIRST_COME =
      new Order() {
        @Override
        public int next(int ready) {
          return 0;
        }

        @Override
        public boolean givesWay() {
          return false;
        }

        @Override
        public long slowness() {
          return 0;
        }

        @Override
        public long tick() {
          return 0;
        }
      };

  /// Which of the threads that can run does.
  ///
  /// @param ready how many there are; at least 1
  /// @return from 0, the one that has been ready longest, to `ready - 1`
  int next(int ready);

  /// Whether the running thread lets another go first at a point where one could.
  boolean givesWay();

  /// For how many nanoseconds those who can run do nothing, if somebody wakes within that time: he
  /// wakes first, as if they were slow. 0 for a machine that is infinitely fast.
  long slowness();

  /// How many nanoseconds a choice takes.
  long tick();
}
