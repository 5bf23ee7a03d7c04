package dev.pawl.testkit.simulation;

import static net.bytebuddy.matcher.ElementMatchers.named;

import dev.pawl.engine.Engine;
import dev.pawl.jackson.JacksonCodec;
import dev.pawl.run.Block;
import dev.pawl.testkit.workload.RandomRuns;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.function.LongFunction;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;

/// The classes of Pawl once more, but for one method: a join counts each branch that arrives twice.
final class DoubleJoin extends URLClassLoader {
  private static final String BLOCK = Block.class.getName();

  private DoubleJoin(URL[] places) {
    super(places, DoubleJoin.class.getClassLoader());
  }

  /// Plays a seed with that fault, and says which law does not hold; empty if all do.
  @SuppressWarnings("unchecked")
  static LongFunction<String> seeds() throws ReflectiveOperationException, IOException {
    var places = new ArrayList<URL>();
    for (var type :
        new Class<?>[] {Simulation.class, Player.class, Engine.class, JacksonCodec.class}) {
      places.add(type.getProtectionDomain().getCodeSource().getLocation());
    }
    var loader = new DoubleJoin(places.toArray(URL[]::new));
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
      return name.equals(BLOCK) ? changed() : findClass(name);
    }
  }

  private Class<?> changed() {
    var locator = ClassFileLocator.ForClassLoader.of(getParent());
    var type = TypePool.Default.of(locator).describe(BLOCK).resolve();
    var bytes =
        new ByteBuddy()
            .redefine(type, locator)
            .visit(Advice.to(Twice.class).on(named("withDone")))
            .make()
            .getBytes();
    return defineClass(BLOCK, bytes, 0, bytes.length);
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
