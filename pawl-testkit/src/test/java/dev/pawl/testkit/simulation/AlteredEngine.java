package dev.pawl.testkit.simulation;

import static net.bytebuddy.matcher.ElementMatchers.named;

import dev.pawl.engine.Engine;
import dev.pawl.engine.SignalRefused;
import dev.pawl.jackson.JacksonCodec;
import dev.pawl.run.Block;
import dev.pawl.run.Undo;
import dev.pawl.run.Undos;
import dev.pawl.testkit.workload.RandomRuns;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;
import org.jspecify.annotations.Nullable;

/// The classes of Pawl once more, but for one method, which comes to something else.
final class AlteredEngine extends URLClassLoader {
  private final String type;
  private final String method;
  private final Class<?> advice;

  /// @param advice what becomes of what the method returns
  private AlteredEngine(URL[] places, String type, String method, Class<?> advice) {
    super(places, AlteredEngine.class.getClassLoader());
    this.type = type;
    this.method = method;
    this.advice = advice;
  }

  /// Joins count the first of two branches twice.
  ///
  /// @return plays a seed, and says which law does not hold; empty if all do
  static LongFunction<String> thatJoinsTooEarly() throws ReflectiveOperationException, IOException {
    return seeds(Block.class.getName(), "withDone", Twice.class);
  }

  /// What was done first is undone first.
  ///
  /// @return as [#thatJoinsTooEarly]
  static LongFunction<String> thatUndoesTheOldestFirst()
      throws ReflectiveOperationException, IOException {
    return seeds(Undos.class.getName(), "newest", Oldest.class);
  }

  /// Updates are taken though the check of their wait refuses them.
  ///
  /// @return as [#thatJoinsTooEarly]
  static LongFunction<String> thatTakesAllUpdates()
      throws ReflectiveOperationException, IOException {
    return seeds(Engine.class.getPackageName() + ".Update", "isTaken", Taken.class);
  }

  @SuppressWarnings("unchecked")
  private static LongFunction<String> seeds(String type, String method, Class<?> advice)
      throws ReflectiveOperationException, IOException {
    var places = new ArrayList<URL>();
    for (var some :
        new Class<?>[] {Simulation.class, Player.class, Engine.class, JacksonCodec.class}) {
      places.add(some.getProtectionDomain().getCodeSource().getLocation());
    }
    var loader = new AlteredEngine(places.toArray(URL[]::new), type, method, advice);
    var player = loader.loadClass(Player.class.getName()).getDeclaredConstructor();
    player.setAccessible(true);
    var seeds = (LongFunction<String>) player.newInstance();
    return seed -> {
      var before = Thread.currentThread().getContextClassLoader();
      try {
        return seeds.apply(seed);
      } finally {
        Thread.currentThread().setContextClassLoader(before);
      }
    };
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith("dev.pawl.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      var loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      return name.equals(type) ? altered() : findClass(name);
    }
  }

  private Class<?> altered() {
    var locator = ClassFileLocator.ForClassLoader.of(getParent());
    var known = TypePool.Default.of(locator).describe(type).resolve();
    var bytes =
        new ByteBuddy()
            .redefine(known, locator)
            .visit(Advice.to(advice).on(named(method)))
            .make()
            .getBytes();
    return defineClass(type, bytes, 0, bytes.length);
  }

  /// Counts the first of two for two. Its code becomes part of the method.
  static final class Twice {
    private Twice() {}

    @Advice.OnMethodExit
    @SuppressWarnings({"UnusedVariable", "ParameterReassignment"}) // what it assigns is returned
    static void exit(@Advice.Return(readOnly = false) Block block) {
      if (block.needed() == 2 && block.done() == 1) {
        block =
            new Block(
                block.node(),
                block.visit(),
                block.join(),
                block.total(),
                block.started(),
                2,
                block.failed(),
                block.needed());
      }
    }
  }

  /// Goes on to look among what is older. Its code becomes part of the method.
  static final class Oldest {
    private Oldest() {}

    @Advice.OnMethodExit
    @SuppressWarnings({"UnusedVariable", "ParameterReassignment"}) // what it assigns is returned
    static void exit(
        @Advice.Origin Method self,
        @Advice.This Undos undos,
        @Advice.Argument(0) Predicate<Undo> test,
        @Advice.Return(readOnly = false) @Nullable Undo found)
        throws ReflectiveOperationException {
      if (found != null) {
        var older = (Undo) self.invoke(undos.without(found.seq()), test);
        found = older == null ? found : older;
      }
    }
  }

  /// Takes what was refused. Its code becomes part of the method.
  static final class Taken {
    private Taken() {}

    @Advice.OnMethodExit(onThrowable = SignalRefused.class)
    @SuppressWarnings({"UnusedVariable", "ParameterReassignment"}) // what it assigns is returned
    static void exit(
        @Advice.Return(readOnly = false) boolean taken,
        @Advice.Thrown(readOnly = false) @Nullable Throwable refused) {
      if (refused != null) {
        taken = true;
        refused = null;
      }
    }
  }

  /// Plays a seed; loaded by that loader.
  static final class Player implements LongFunction<String> {
    Player() {}

    @Override
    public String apply(long seed) {
      Thread.currentThread().setContextClassLoader(Player.class.getClassLoader()); // for services
      return Simulation.of(RandomRuns::scenario).play(Settings.of(seed)).law();
    }
  }
}
