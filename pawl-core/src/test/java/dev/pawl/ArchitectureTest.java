package dev.pawl;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// The arrows between the packages of the core, and what a line of code in each may touch.
final class ArchitectureTest {
  private static final String WORKFLOW = "dev.pawl.workflow..";
  private static final String RUN = "dev.pawl.run..";
  private static final String STORE = "dev.pawl.store..";
  private static final String STREAM = "dev.pawl.stream..";
  private static final String ENGINE = "dev.pawl.engine..";
  private static final String CONNECT = "dev.pawl.connect..";

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("module-info"))
          .withImportOption(location -> !location.contains("dev/pawl/leaks")) // our tests' own
          .importPackages("dev.pawl");

  @Test
  void hasSixPackages() {
    check(classes().should().resideInAnyPackage(WORKFLOW, RUN, STORE, STREAM, ENGINE, CONNECT));
  }

  @Test
  void pointsFromEngineToStoreToRunToWorkflow() {
    check(noClassIn(WORKFLOW).should().dependOnClassesThat(resideInAnyPackage(RUN, STORE, ENGINE)));
    check(noClassIn(RUN).should().dependOnClassesThat(resideInAnyPackage(STORE, ENGINE)));
    check(noClassIn(STORE).should().dependOnClassesThat(resideInAnyPackage(STREAM, ENGINE)));
    check(
        noClassIn(STREAM)
            .should()
            .dependOnClassesThat(
                resideInAPackage(ENGINE).and(not(resideInAPackage("dev.pawl.engine.turns")))));
  }

  @Test
  void keepsConnectorsOutsideOfTheEngine() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(CONNECT)
            .should()
            .dependOnClassesThat(resideInAPackage(CONNECT)));
  }

  @Test
  void keepsTheRoomsOfTheEngineIndependentOfIt() {
    check(
        classes()
            .that()
            .resideInAPackage("dev.pawl.engine.*")
            .should()
            .onlyDependOnClassesThat(not(resideInAPackage("dev.pawl.engine")))
            .allowEmptyShould(false));
    check(slices().matching("dev.pawl.engine.(*)..").should().beFreeOfCycles());
  }

  @Test
  void hasNoCycleOfPackages() {
    check(slices().matching("dev.pawl.(**)").should().beFreeOfCycles());
  }

  @Test
  void needsNothingButTheJdkSlf4jAndJspecify() {
    check(
        classes()
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage("dev.pawl..", "java..", "org.slf4j..", "org.jspecify..")));
  }

  @Test
  void keepsClocksOutOfValuesAndTransitions() {
    check(noClassIn(WORKFLOW, RUN).should().accessTargetWhere(readsAClock()));
    check(
        noClassIn(WORKFLOW, RUN)
            .should()
            .dependOnClassesThat(belongToAnyOf(Clock.class, InstantSource.class)));
  }

  @Test
  void keepsRandomNumbersOutOfValuesAndTransitions() {
    check(
        noClassIn(WORKFLOW, RUN)
            .should()
            .accessTargetWhere(
                calls(UUID.class, "randomUUID").or(calls(Math.class, "random")).as("draws")));
    check(noClassIn(WORKFLOW, RUN).should().dependOnClassesThat(assignableTo(Random.class)));
  }

  @Test
  void keepsThreadsOutOfValuesAndTransitions() {
    var harmless =
        belongToAnyOf(TimeUnit.class, Callable.class)
            .or(assignableTo(ConcurrentMap.class))
            .or(assignableTo(Exception.class));

    check(
        noClassIn(WORKFLOW, RUN)
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("java.util.concurrent", "java.util.concurrent.locks")
                    .or(assignableTo(Thread.class))
                    .and(not(harmless))
                    .as("are threads, locks or executors")));
  }

  @Test
  void keepsInputAndOutputOutOfValuesAndTransitions() {
    var harmless =
        belongToAnyOf(
                Serializable.class,
                SerializedLambda.class,
                Charset.class,
                StandardCharsets.class,
                // A value, for all its package.
                URI.class,
                // Named as the parameter of a step's transaction, and never called.
                Connection.class)
            .or(assignableTo(Exception.class));

    check(
        noClassIn(WORKFLOW, RUN)
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("java.io..", "java.nio..", "java.net..", "java.sql..")
                    .and(not(harmless))
                    .as("do I/O")));
    check(noClassIn(WORKFLOW, RUN).should().accessTargetWhere(calls(Connection.class)));
  }

  @Test
  void leavesClocksAndThreadsToSystemTurns() {
    var elsewhere = noClasses().that(not(isOrIsInside("SystemTurns")));

    check(elsewhere.should().accessTargetWhere(readsAClock()));
    check(elsewhere.should().accessTargetWhere(startsOrHaltsAThread()));
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(CORE);
  }

  private static GivenClassesConjunction noClassIn(String... packages) {
    return noClasses().that(resideInAnyPackage(packages));
  }

  private static DescribedPredicate<JavaAccess<?>> readsAClock() {
    DescribedPredicate<JavaAccess<?>> now =
        DescribedPredicate.describe("calls now", ArchitectureTest::readsNow);
    return calls(System.class, "nanoTime", "currentTimeMillis")
        .or(now)
        .or(calls(Clock.class, "systemUTC", "systemDefaultZone", "system"))
        .or(calls(InstantSource.class, "system"))
        .as("reads a clock");
  }

  private static boolean readsNow(JavaAccess<?> call) {
    return call.getTargetOwner().getPackageName().equals("java.time")
        && call.getName().equals("now");
  }

  private static DescribedPredicate<JavaAccess<?>> startsOrHaltsAThread() {
    return calls(Thread.class, "<init>", "sleep", "ofVirtual", "ofPlatform", "startVirtualThread")
        .or(calls(Executors.class))
        .or(calls(LockSupport.class, "park", "parkNanos", "parkUntil"))
        .as("starts or halts a thread");
  }

  /// A call of, or a reference to, one of the named methods of a class; of any if none is named.
  private static DescribedPredicate<JavaAccess<?>> calls(Class<?> owner, String... methods) {
    var names = Set.copyOf(Arrays.asList(methods));
    return DescribedPredicate.describe(
        "calls " + owner.getSimpleName(),
        call ->
            call.getTargetOwner().isEquivalentTo(owner)
                && (names.isEmpty() || names.contains(call.getName())));
  }

  private static DescribedPredicate<JavaClass> isOrIsInside(String simpleName) {
    return DescribedPredicate.describe(
        "are " + simpleName,
        type ->
            type.getSimpleName().equals(simpleName)
                || type.getEnclosingClass()
                    .map(outer -> outer.getSimpleName().equals(simpleName))
                    .orElse(false));
  }
}
