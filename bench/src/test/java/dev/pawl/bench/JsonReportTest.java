package dev.pawl.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.bench.measure.Bar;
import dev.pawl.bench.measure.Row;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonReportTest {
  @Test
  void writesARowForEachFigure() {
    var rows = parsed(Samples.report()).get("rows");

    assertThat(rows.size()).isEqualTo(3);
    var slow = rows.get(1);
    assertThat(slow.get("scenario").asString()).isEqualTo("slow");
    assertThat(slow.get("name").asString()).isEqualTo("64");
    assertThat(slow.get("value").asDouble()).isEqualTo(12_000);
    assertThat(slow.get("unit").asString()).isEqualTo("runs/s");
    assertThat(slow.get("baseline").asDouble()).isEqualTo(40_000);
    assertThat(slow.get("ratio").asDouble()).isEqualTo(0.3);
    assertThat(slow.get("bar").asString()).isEqualTo("≥ 8,000, ratio ≥ 0.4");
    assertThat(slow.get("pass").asBoolean()).isFalse();
    assertThat(slow.get("details").get(1).get("name").asString()).isEqualTo("p99");
  }

  @Test
  void tellsWhatCouldNotBeMeasured() {
    var broken = parsed(Samples.report()).get("rows").get(2);

    assertThat(broken.get("error").asString()).isEqualTo("no \"disk\"");
    assertThat(broken.get("pass").asBoolean()).isFalse();
    assertThat(broken.has("value")).isFalse();
  }

  @Test
  void saysWhereItWasMeasuredAndWhetherAllPassed() {
    var root = parsed(Samples.report());

    assertThat(root.get("machine").get("processors").asInt()).isEqualTo(2);
    assertThat(root.get("machine").get("java").asString()).isEqualTo("Vendor 25");
    assertThat(root.get("repetitions").asInt()).isEqualTo(5);
    assertThat(root.get("seed").asLong()).isEqualTo(7);
    assertThat(root.get("pass").asBoolean()).isFalse();
  }

  @Test
  void writesNullForWhatIsNoNumber() {
    var row = Row.of("odd", Double.NaN, "ns", Bar.NONE).with("error", Double.NaN, "ns");
    var outcome = new Outcome.Measured("odd", List.of(row));
    var report = new Report(Samples.MACHINE, 1, 0, List.of(outcome));

    var written = parsed(report).get("rows").get(0);

    assertThat(written.get("value").isNull()).isTrue();
    assertThat(written.get("baseline").isNull()).isTrue();
    assertThat(written.get("details").get(0).get("value").isNull()).isTrue();
  }

  private static JsonNode parsed(Report report) {
    return JsonMapper.builder().build().readTree(JsonReport.of(report));
  }
}
