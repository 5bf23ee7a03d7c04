package dev.pawl.cli;

import dev.pawl.workflow.Workflow;
import java.time.Instant;

/// Workflows as the command `check` finds them: each of the two classes is a build.
public final class SampleWorkflows {
  private static final Instant NEVER = Instant.parse("2900-01-01T00:00:00Z");

  private SampleWorkflows() {}

  /// The state of all.
  public record Parcel(String id, int grams) {}

  /// Waits at a node of this name.
  static Workflow<Parcel> parcels(String version, String wait, int heavy) {
    var g = Workflow.graph("parcels", Parcel.class).version(version);
    var weigh = g.step("weigh", parcel -> parcel);
    var hold = g.delay(wait, parcel -> NEVER);
    var truck = g.delay("truck", parcel -> NEVER);
    g.start(weigh).path(hold, truck, g.end());
    weigh.when("heavy", parcel -> parcel.grams() > heavy, truck).otherwise(hold);
    return g.build();
  }

  /// Two versions.
  public static final class Before {
    /// By a field.
    public static final Workflow<Parcel> FIRST = parcels("1", "pickup", 1_000);

    private Before() {}

    /// By a method.
    public static Workflow<Parcel> second() {
      return parcels("2", "pickup", 1_000);
    }

    /// The same again.
    public static Workflow<Parcel> firstAgain() {
      return FIRST;
    }

    /// Not this one.
    public static Workflow<Parcel> ofVersion(String version) {
      return parcels(version, "pickup", 1_000);
    }
  }

  /// One version, changed.
  public static final class Today {
    private Today() {}

    /// By a method.
    public static Workflow<Parcel> first() {
      return parcels("1", "collection", 500);
    }
  }

  /// The same version twice.
  public static final class Twice {
    /// Once.
    public static final Workflow<Parcel> ONE = parcels("1", "pickup", 1_000);

    /// And again.
    public static final Workflow<Parcel> OTHER = parcels("1", "pickup", 500);

    private Twice() {}
  }

  /// Cannot be made.
  public static final class Broken {
    private Broken() {}

    /// Throws.
    public static Workflow<Parcel> workflow() {
      throw new IllegalStateException("no settings");
    }
  }

  /// Not public.
  static final class Hidden {
    private Hidden() {}

    /// Out of reach.
    public static Workflow<Parcel> workflow() {
      return parcels("1", "pickup", 1_000);
    }
  }
}
