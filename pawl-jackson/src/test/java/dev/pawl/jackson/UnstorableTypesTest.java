package dev.pawl.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.pawl.workflow.step.TypeRef;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.Temporal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UnstorableTypesTest {
  private final JacksonCodec codec = new JacksonCodec();

  record Point(int x, int y) {}

  @SuppressWarnings("NonApiType")
  record OfArrayList(ArrayList<String> part) {}

  @SuppressWarnings("NonApiType")
  record OfHashMap(HashMap<String, String> part) {}

  record OfQueue(Queue<String> part) {}

  record OfDeque(Optional<ArrayDeque<String>> part) {}

  record OfCollection(Collection<String> part) {}

  record OfSortedSet(SortedSet<String> part) {}

  @SuppressWarnings("ArrayRecordComponent")
  record OfArray(byte[] part) {}

  record OfGenericArray<T>(List<T[]> part) {}

  @SuppressWarnings("JavaUtilDate")
  record OfDate(Date part) {}

  record OfCounter(AtomicInteger part) {}

  record OfTemporal(Temporal part) {}

  record OfObject(List<?> part) {}

  @SuppressWarnings("rawtypes")
  record OfRawList(List part) {}

  record OfPointKeys(Map<Point, String> part) {}

  record OfListKeys(Map<List<String>, String> part) {}

  record OfLocaleKeys(Map<Locale, String> part) {}

  record OfOptionals(Optional<OptionalInt> part) {}

  record OfIgnored(int kept, @JsonIgnore int part) {}

  @JsonIgnoreProperties("part")
  record OfIgnoredByName(int kept, int part) {}

  record OfWriteOnly(@JsonProperty(access = JsonProperty.Access.WRITE_ONLY) int part) {}

  record OfReadOnly(@JsonProperty(access = JsonProperty.Access.READ_ONLY) int part) {}

  sealed interface Mixed {}

  record Plain(int x) implements Mixed {}

  enum Only implements Mixed {
    ONE
  }

  record OfEnumVariant(Mixed part) {}

  static final class Bean {}

  sealed interface Open {}

  non-sealed interface Anything extends Open {}

  record OfOpen(Open part) {}

  static Stream<Arguments> types() {
    return Stream.of(
        of(OfArrayList.class, ".part: ", "use a List"),
        of(OfHashMap.class, ".part: ", "use a Map"),
        of(OfQueue.class, ".part: ", "use a List"),
        of(OfDeque.class, ".part[]: ", "use a List"),
        of(OfCollection.class, ".part: ", "use a List or a Set"),
        of(OfSortedSet.class, ".part: ", "use a List or a Set"),
        of(OfArray.class, ".part: ", "use a List"),
        of(OfGenericArray.class, ".part[]: ", "use a List"),
        of(OfDate.class, ".part: ", "java.util.Date is no record"),
        of(OfCounter.class, ".part: ", "is no record"),
        of(OfTemporal.class, ".part: ", "is no record"),
        of(OfObject.class, ".part[]: ", "its type is not known"),
        of(OfRawList.class, ".part[]: ", "its type is not known"),
        of(OfPointKeys.class, ".part.key: ", "List of entries"),
        of(OfListKeys.class, ".part.key: ", "List of entries"),
        of(OfLocaleKeys.class, ".part.key: ", "language tag"),
        of(OfOptionals.class, ".part: ", "use one Optional"),
        of(OfIgnored.class, ".part: ", "remove the annotation"),
        of(OfIgnoredByName.class, ".part: ", "remove the annotation"),
        of(OfWriteOnly.class, ".part: ", "remove the annotation"),
        of(OfReadOnly.class, ".part: ", "remove the annotation"),
        of(OfEnumVariant.class, ".part(Only): ", "put it into a record"),
        of(OfOpen.class, ".part(Anything): ", "is no record"),
        of(Bean.class, ": ", "is no record"));
  }

  private static Arguments of(Class<?> type, String path, String reason) {
    return Arguments.of(named(type.getSimpleName(), type), type.getTypeName() + path, reason);
  }

  @ParameterizedTest
  @MethodSource("types")
  void areNamedWithTheirPlaceAndAMend(Class<?> type, String path, String reason) {
    assertThat(codec.problems(type))
        .singleElement()
        .satisfies(problem -> assertThat(problem).startsWith(path).contains(reason));
  }

  @Test
  void areFoundInTypeArguments() {
    var type = new TypeRef<Map<String, Set<OfDate>>>() {}.type();

    assertThat(codec.problems(type))
        .singleElement()
        .satisfies(problem -> assertThat(problem).startsWith("java.util.Map{}[].part: "));
  }

  @Test
  void includeRecordsOfAModuleThatDoesNotOpenThem(@TempDir Path directory) throws Exception {
    var hidden = compiled(directory, "module acme.orders { exports acme.orders; }");

    assertThat(codec.problems(hidden))
        .singleElement()
        .satisfies(problem ->
            assertThat(problem)
                .startsWith("acme.orders.Order: ")
                .contains("module acme.orders")
                .contains("`opens acme.orders")
                .contains("module-info"));
  }

  @Test
  void doNotIncludeRecordsOfAModuleThatOpensThem(@TempDir Path directory) throws Exception {
    var open = compiled(directory, "module acme.orders { opens acme.orders; }");
    var order = open.getConstructor(String.class).newInstance("o-1");

    assertThat(codec.problems(open)).isEmpty();
    assertThat(codec.decode(codec.encode(order, open), open)).isEqualTo(order);
  }

  /// The record `acme.orders.Order` in a module of its own.
  private static Class<?> compiled(Path directory, String module) throws Exception {
    var sources = Files.createDirectories(directory.resolve("src"));
    var classes = Files.createDirectories(directory.resolve("classes"));
    var info = write(sources.resolve("module-info.java"), module);
    var order =
        write(
            sources.resolve("Order.java"),
            "package acme.orders; public record Order(String id) {}");
    var status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", classes.toString(), info, order);
    assertThat(status).isZero();
    var boot = ModuleLayer.boot();
    var modules =
        Configuration.resolve(
            ModuleFinder.of(classes),
            List.of(boot.configuration()),
            ModuleFinder.of(),
            Set.of("acme.orders"));
    return ModuleLayer.defineModulesWithOneLoader(
            modules, List.of(boot), UnstorableTypesTest.class.getClassLoader())
        .layer()
        .findLoader("acme.orders")
        .loadClass("acme.orders.Order");
  }

  private static String write(Path file, String text) throws IOException {
    return Files.writeString(file, text).toString();
  }
}
