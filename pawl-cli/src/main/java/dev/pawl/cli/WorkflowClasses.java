package dev.pawl.cli;

import dev.pawl.workflow.Workflow;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;

/// Finds the workflows of classes by their names: the values of public static fields of type
/// `Workflow`, and of public static methods of that type without parameters.
final class WorkflowClasses implements AutoCloseable {
  private final URLClassLoader loader;

  private WorkflowClasses(URLClassLoader loader) {
    this.loader = loader;
  }

  /// What is wrong with a class, in one sentence that names it.
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    Unusable(String message) {
      super(message);
    }

    Unusable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// Looks at the program's own class path first, then at these jars and folders.
  ///
  /// @throws Unusable if there is no such file
  static WorkflowClasses on(List<Path> classPath) throws Unusable {
    var urls = new ArrayList<URL>();
    for (var entry : classPath) {
      if (!Files.isReadable(entry)) {
        throw new Unusable("there is no readable file " + entry);
      }
      try {
        urls.add(entry.toUri().toURL());
      } catch (MalformedURLException e) {
        throw new Unusable(entry + " cannot be part of a class path", e);
      }
    }
    return new WorkflowClasses(
        new URLClassLoader(urls.toArray(URL[]::new), WorkflowClasses.class.getClassLoader()));
  }

  /// The workflows of a class, each once.
  ///
  /// @throws Unusable if there is no such class, it has no workflows, or they cannot be made
  Collection<Workflow<?>> of(String name) throws Unusable {
    try {
      var type = Class.forName(name, true, loader);
      if (!Modifier.isPublic(type.getModifiers())) {
        throw new Unusable(name + " is not public; make it public");
      }
      var workflows = Collections.<Workflow<?>>newSetFromMap(new IdentityHashMap<>());
      for (var field : type.getDeclaredFields()) {
        if (isPublicStatic(field.getModifiers()) && field.getType() == Workflow.class) {
          workflows.add(given(name + "." + field.getName(), field.get(null)));
        }
      }
      for (var method : type.getDeclaredMethods()) {
        if (isPublicStatic(method.getModifiers())
            && method.getReturnType() == Workflow.class
            && method.getParameterCount() == 0) {
          workflows.add(given(name + "." + method.getName() + "()", method.invoke(null)));
        }
      }
      if (workflows.isEmpty()) {
        throw new Unusable(
            name
                + " has no workflows: no public static field of type Workflow, and no such method"
                + " without parameters");
      }
      return workflows;
    } catch (ClassNotFoundException e) {
      throw new Unusable(
          "there is no class " + name + "; check its name, or add its jar with --class-path", e);
    } catch (IllegalAccessException e) {
      throw new Unusable(name + " cannot be reached: " + e.getMessage(), e);
    } catch (InvocationTargetException e) {
      throw new Unusable("a workflow of " + name + " cannot be made: " + e.getCause(), e);
    } catch (ExceptionInInitializerError e) {
      throw new Unusable(name + " cannot be initialised: " + e.getCause(), e);
    } catch (LinkageError e) {
      throw new Unusable(
          name + " needs what is not there: " + e + "; add its jars with --class-path", e);
    }
  }

  private static boolean isPublicStatic(int modifiers) {
    return Modifier.isPublic(modifiers) && Modifier.isStatic(modifiers);
  }

  private static Workflow<?> given(String place, Object value) throws Unusable {
    if (value instanceof Workflow<?> workflow) {
      return workflow;
    }
    throw new Unusable(place + " is null");
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }
}
