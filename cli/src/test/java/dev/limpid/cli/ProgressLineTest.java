package dev.limpid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressLineTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Terminal terminal(boolean person) {
        return new Terminal(Run.stream(out), Run.stream(err), person, person, Map.of("COLUMNS", "20"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aNoticeIsWrittenOnceToTheErrorStream(boolean person) {
        try (ProgressLine line = new ProgressLine(terminal(person))) {
            line.part(0, 2).notice("going on with 25");
            line.part(1, 2).part(0, 3).notice("going on with 25");
            line.notice("going on with 12");
        }
        String clear = person ? "\r                   \r" : "";
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo(
                "%slimpid: going on with 25%n%slimpid: going on with 12%n".formatted(clear, clear));
        assertThat(out.size()).isZero();
    }

    @Test
    void ofManyInputsEachSentenceIsWrittenOnce() {
        try (BatchProgress progress = new BatchProgress(terminal(false), Path.of("a.jsonl"))) {
            progress.ofOne().notice("going on with 25");
            progress.ofOne().notice("going on with 25");
            progress.ofOne().update(1, 2);
            progress.bad(3, " two\n lines ");
        }
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("limpid: going on with 25%nlimpid: a.jsonl:3: two lines%n".formatted());
    }
}
