package dev.pawl.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NamedTestCheckTest {
  @TempDir private Path root;

  @BeforeEach
  void makeAModule() throws Exception {
    write("core/pom.xml", "<project/>");
    write("core/src/main/java/StoreSuite.java", "abstract class StoreSuite { void commits() {} }");
    write(
        "core/src/test/java/MemoryStoreTest.java",
        "class MemoryStoreTest extends StoreSuite { void ownCase() {} }");
    write(
        "core/target/surefire-reports/TEST-a.MemoryStoreTest.xml",
        """
        <testsuite>
          <testcase name="ownCase" classname="a.MemoryStoreTest"/>
          <testcase name="commits(int)[1]" classname="a.MemoryStoreTest"/>
          <testcase name="commits(int)[2]" classname="a.MemoryStoreTest"><skipped/></testcase>
          <testcase name="sleeps" classname="a.MemoryStoreTest$Nested"><skipped/></testcase>
          <testcase name="breaks{int}[1]" classname="a.MemoryStoreTest"><failure/></testcase>
          <testcase name="breaks{int}[2]" classname="a.MemoryStoreTest"/>
        </testsuite>
        """);
  }

  @Test
  void findsMethodsInTheClassAndInItsSuite() throws Exception {
    var sources = TestSources.read(root);

    assertThat(sources.complaint(test("MemoryStoreTest.ownCase"))).isEmpty();
    assertThat(sources.complaint(test("core: MemoryStoreTest.commits"))).isEmpty();
  }

  @Test
  void missesMethodsAlsoWhereTwoClassesNameEachOther() throws Exception {
    write("core/src/test/java/OneTest.java", "class OneTest implements TwoTest {}");
    write("core/src/test/java/TwoTest.java", "interface TwoTest { class Both extends OneTest {} }");

    assertThat(TestSources.read(root).complaint(test("OneTest.absent"))).isPresent();
  }

  @Test
  void missesClassesMethodsAndModules() throws Exception {
    var sources = TestSources.read(root);

    assertThat(sources.complaint(test("DiskStoreTest.commits"))).isPresent();
    assertThat(sources.complaint(test("MemoryStoreTest.own"))).isPresent();
    assertThat(sources.complaint(test("jdbc: MemoryStoreTest.commits"))).isPresent();
  }

  @Test
  void acceptsTestsThatPassed() throws Exception {
    var reports = TestReports.read(root);

    assertThat(reports.complaint(test("MemoryStoreTest.ownCase"))).isEmpty();
    assertThat(reports.complaint(test("core: MemoryStoreTest.commits"))).isEmpty();
  }

  @Test
  void complainsOfTestsThatWereSkippedFailedOrNotRun() throws Exception {
    var reports = TestReports.read(root);

    assertThat(reports.complaint(test("Nested.sleeps"))).hasValueSatisfying(saying("skipped"));
    assertThat(reports.complaint(test("MemoryStoreTest.breaks")))
        .hasValueSatisfying(saying("failed"));
    assertThat(reports.complaint(test("MemoryStoreTest.absent")))
        .hasValueSatisfying(saying("not run"));
    assertThat(reports.complaint(test("jdbc: MemoryStoreTest.ownCase")))
        .hasValueSatisfying(saying("not run"));
  }

  private static Consumer<String> saying(String part) {
    return complaint -> assertThat(complaint).contains(part);
  }

  private static NamedTest test(String name) {
    return NamedTest.of(name).orElseThrow();
  }

  private void write(String path, String text) throws Exception {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
