package dev.limpid.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BenchTest {
    private static final Table TABLE = new Table("Rates", List.of("shape", "GFLOP/s", "rounds"),
            List.of(List.of("2x3x4 NN", 12.345, 5), List.of("mean", Double.NaN, 0)), List.of("A note."));

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', value = {"--only nope|--only: there is no benchmark 'nope'; there are gemm",
            "--threads 0|--threads must be at least 1, found 0", "--rounds 0|--rounds must be at least 1, found 0",
            "--clock sun|Invalid value for option '--clock'", "--nonsense|Unknown option: '--nonsense'",
            "--shapes gpt|--shapes: there is no shape 'gpt'; there are bert-tiny-16, bert-base-48",
            "--nodes 0|--nodes must be at least 1, found 0", "--warm-up 0|--warm-up must be at least 1, found 0",
            "--rows qa,all|--rows: there is no comparison 'all'; there are qa, image, auto, texts, memory, cold",
            "--precision f8|Invalid value for option '--precision'"})
    void refusesWhatItDoesNotKnow(String arguments, String sentence) {
        StringWriter errors = new StringWriter();
        CommandLine command = Bench.commandLine().setErr(new PrintWriter(errors));
        assertThat(command.execute(arguments.split(" "))).isEqualTo(2);
        assertThat(errors.toString()).startsWith(sentence);
    }

    @Test
    void anExplanationIsTimedCheckedAndCompared() throws Exception {
        StringWriter report = new StringWriter();
        CommandLine command = Bench.commandLine().setOut(new PrintWriter(report));
        assertThat(command.execute("--only", "explain,image", "--shapes", "bert-tiny-16,vit-tiny", "--rounds", "1",
                "--nodes", "10", "--gemm-size", "64", "--compare", "reference", "--json", "-")).isZero();
        JsonNode json = new ObjectMapper().readTree(report.toString());
        for (int benchmark = 0; benchmark < 2; benchmark++) {
            JsonNode row = json.at("/benchmarks/" + benchmark + "/tables/0/rows/0");
            assertThat(row.path("shape").asText()).isEqualTo(benchmark == 0 ? "bert-tiny-16" : "vit-tiny");
            assertThat(row.path("nodes").asInt()).isEqualTo(10);
            assertThat(row.path("median s").asDouble()).isPositive();
            assertThat(row.path("largest difference").asDouble()).isPositive().isLessThan(1e-5);
            assertThat(row.path("rank correlation").asDouble()).isGreaterThan(0.999);
        }
    }

    @Test
    void aDeviceThatIsNotThereIsNotReplaced() {
        StringWriter errors = new StringWriter();
        CommandLine command = Bench.commandLine().setErr(new PrintWriter(errors));
        assertThat(command.execute("--only", "explain", "--shapes", "bert-tiny-16", "--device", "abacus")).isEqualTo(1);
        assertThat(errors.toString()).startsWith("bench: there is no device 'abacus'; known are ");
    }

    @Test
    void everythingAfterJmhIsJmhs() {
        Bench bench = new Bench();
        new CommandLine(bench).parseArgs("--rounds", "3", "--jmh", "Gelu", "-f", "1", "--rounds");
        assertThat(bench.jmh).containsExactly("Gelu", "-f", "1", "--rounds");
    }

    @Test
    void aTableIsAligned() {
        assertThat(TABLE.lines()).containsExactly("Rates", "shape     GFLOP/s  rounds", "2x3x4 NN     12.3       5",
                "mean            -       0", "A note.");
    }

    @Test
    void aFigureIsPrintedInItsFormatAndWholeInJson() throws Exception {
        Table table = new Table("t", List.of("a", "b"),
                List.of(List.of(new Figure(0.00123456, "%.4f"), new Figure(Double.NaN, "%.0f"))), List.of());
        assertThat(table.lines()).containsExactly("t", "a       b", "0.0012  -");
        JsonNode row = new ObjectMapper().readTree(JsonReport.of(Map.of("x", List.of(table))))
                .at("/benchmarks/0/tables/0/rows/0");
        assertThat(row.path("a").asDouble()).isEqualTo(0.00123456);
        assertThat(row.path("b").isNull()).isTrue();
    }

    @Test
    void theReportHasTheMachineAndTheRowsByColumn() throws Exception {
        JsonNode report = new ObjectMapper().readTree(JsonReport.of(Map.of("gemm", List.of(TABLE))));
        assertThat(report.at("/machine/java").asText()).isEqualTo(Runtime.version().toString());
        JsonNode benchmark = report.at("/benchmarks/0");
        assertThat(benchmark.at("/name").asText()).isEqualTo("gemm");
        assertThat(benchmark.at("/tables/0/rows/0/GFLOP~1s").asDouble()).isEqualTo(12.345);
        assertThat(benchmark.at("/tables/0/rows/1/GFLOP~1s").isNull()).isTrue();
        assertThat(benchmark.at("/tables/0/rows/1/rounds").asInt()).isZero();
        assertThat(benchmark.at("/tables/0/notes/0").asText()).isEqualTo("A note.");
    }

    @Test
    void aReportForPeopleHasTheCommandWithoutFoldersAndTheTable() {
        assertThat(MarkdownReport.of(List.of("--peers", "/some/where/python"), Map.of("gemm", List.of(TABLE))))
                .contains(
                        "`java -jar bench.jar --peers python`", "| shape | GFLOP/s | rounds |\n| --- | ---: | ---: |",
                        "| 2x3x4 NN | 12.3 | 5 |\n| mean | - | 0 |\n\nA note.\n", "Java " + Runtime.version());
    }
}
