package dev.limpid.cli.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that are explained together. */
class BatchRunTest {
    private static final Set<String> BAD = Set.of("5", "6", "30", "99");

    @TempDir
    private Path folder;

    private final List<Integer> sizes = new ArrayList<>();
    private final List<Long> bad = new ArrayList<>();
    private final List<Long> done = new ArrayList<>();

    private BatchRun open() throws IOException {
        Path input = folder.resolve("in.txt");
        Files.write(input, IntStream.rangeClosed(1, 100).mapToObj(Integer::toString).toList());
        return BatchRun.open(input, List.of("text"), folder.resolve("out.jsonl"), new Fingerprint(), false);
    }

    /** Refuses all where one is bad, and does not say which. */
    private List<String> explain(List<Map<String, String>> records) throws BatchRun.BadRecordException {
        List<String> texts = records.stream().map(record -> record.get("text")).toList();
        if (texts.stream().anyMatch(BAD::contains)) {
            throw new BatchRun.BadRecordException("one of " + texts.size() + " is bad", null);
        }
        sizes.add(texts.size());
        return texts.stream().map(text -> "{\"text\":\"" + text + "\"}").toList();
    }

    private final BatchRun.Listener listener = new BatchRun.Listener() {
        @Override
        public void progress(long line, long lines) {
            assertThat(lines).isEqualTo(100);
            done.add(line);
        }

        @Override
        public void bad(long line, String problem) {
            assertThat(problem).isEqualTo("one of 1 is bad");
            bad.add(line);
        }
    };

    @Test
    void badRecordsDoNotHurtTheOthersAndAllStandInOrder() throws IOException {
        try (BatchRun run = open()) {
            assertThat(run.run(this::explain, listener)).isEqualTo(new BatchRun.Summary(0, 96, 4));
        }
        assertThat(bad).containsExactly(5L, 6L, 30L, 99L);
        assertThat(done).isEqualTo(IntStream.rangeClosed(1, 100).mapToObj(Long::valueOf).toList());
        assertThat(sizes).as("several at once").anyMatch(size -> size > 8);
        List<String> lines = Files.readAllLines(folder.resolve("out.jsonl"));
        assertThat(lines).hasSize(100);
        for (int i = 1; i <= 100; i++) {
            assertThat(lines.get(i - 1)).startsWith("{\"line\":" + i + ",").endsWith(
                    BAD.contains("" + i) ? "\"error\":\"one of 1 is bad\"}" : "\"text\":\"" + i + "\"}");
        }
    }
}
