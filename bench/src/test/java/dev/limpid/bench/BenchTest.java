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
            "--clock sun|Invalid value for option '--clock'", "--nonsense|Unknown option: '--nonsense'"})
    void refusesWhatItDoesNotKnow(String arguments, String sentence) {
        StringWriter errors = new StringWriter();
        CommandLine command = Bench.commandLine().setErr(new PrintWriter(errors));
        assertThat(command.execute(arguments.split(" "))).isEqualTo(2);
        assertThat(errors.toString()).startsWith(sentence);
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
}
