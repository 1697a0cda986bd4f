package dev.limpid.bench.micro;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.limpid.bench.BenchContext;
import dev.limpid.bench.BenchException;
import dev.limpid.bench.Benchmark;
import dev.limpid.bench.Clock;
import dev.limpid.bench.Figure;
import dev.limpid.bench.Table;
import dev.limpid.bench.rounds.FmaPeak;
import dev.limpid.bench.rounds.Rounds;
import dev.limpid.demo.DemoModels;
import dev.limpid.tokenizer.Tokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Texts to tokens with their places, on one thread, beside Hugging Face's tokenizers called through DJL. */
public final class TokenizerBenchmark implements Benchmark {
    private static final int TEXTS = 400;
    private static final int CHARACTERS = 1000;
    private static final int WARM_UP = 10;
    private static final int MOST_ROUNDS = 8;

    @Override
    public String name() {
        return "tokenizer";
    }

    @Override
    public String description() {
        return "texts to tokens, beside Hugging Face's tokenizers";
    }

    @Override
    public List<Table> run(BenchContext context) {
        context.tell("tokenizer: " + TEXTS + " texts of " + CHARACTERS + " characters");
        Path folder = DemoModels.questionAnswering();
        Tokenizer ours = Tokenizer.load(folder);
        List<String> vocabulary = lines(folder.resolve("vocab.txt"));
        List<String> texts = new SampleText(vocabulary).texts(TEXTS, CHARACTERS);
        double megabytes = texts.stream().mapToInt(text -> text.getBytes(StandardCharsets.UTF_8).length).sum() / 1e6;
        try (HuggingFaceTokenizer theirs = open(vocabulary); FmaPeak peak = new FmaPeak(context.clock(), 1)) {
            long tokens = same(ours, theirs, texts);
            Clock clock = context.clock();
            Rounds rounds = new Rounds(peak, List.of(
                    () -> seconds(clock, () -> texts.forEach(ours::encode)),
                    () -> seconds(clock, () -> texts.forEach(text -> theirs.encode(text)))));
            for (int i = 0; i < WARM_UP; i++) {
                texts.forEach(ours::encode);
                peak.measure();
            }
            rounds.measure(context.rounds(), MOST_ROUNDS * context.rounds());
            List<List<Object>> rows = List.of(
                    row("Limpid", rounds, 0, tokens, megabytes),
                    row("Hugging Face tokenizers, through DJL", rounds, 1, tokens, megabytes));
            return List.of(new Table(
                    "tokenizer, one thread, medians, " + clock.name().toLowerCase(Locale.ROOT) + " time",
                    List.of("tokenizer", "ms", "tokens/s", "MB/s", "times as fast", "rounds counted", "discarded"),
                    rows,
                    List.of(String.format(Locale.ROOT,
                            "%d texts, %.2f MB, %d tokens, the same ids by both; ids, pieces and character offsets; "
                                    + "the call from Java into theirs is in its time.",
                            TEXTS, megabytes, tokens))));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchException("tokenizer was interrupted");
        }
    }

    private static HuggingFaceTokenizer open(List<String> vocabulary) {
        System.setProperty("RUST_FLAVOR", "cpu"); // other flavours would be downloaded
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("slf4j.internal.verbosity", "ERROR"); // that nobody takes the log is meant
        try {
            Path unpacked = Files.createTempDirectory("limpid-djl"); // else its library would stay in the home folder
            System.setProperty("ENGINE_CACHE_DIR", unpacked.toString());
            byte[] json = TokenizerFile.of(vocabulary).getBytes(StandardCharsets.UTF_8);
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json),
                    Map.of("padding", "false", "truncation", "false"));
            try (Stream<Path> files = Files.walk(unpacked)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file); // the mapping stays
                }
            }
            return tokenizer;
        } catch (IOException | UnsatisfiedLinkError e) {
            throw new BenchException("Hugging Face's tokenizer cannot be opened here: " + e.getMessage()
                    + "; leave it out with --only");
        }
    }

    /** The number of tokens, which both give alike. */
    private static long same(Tokenizer ours, HuggingFaceTokenizer theirs, List<String> texts) {
        long tokens = 0;
        for (String text : texts) {
            int[] ids = ours.encode(text).ids();
            if (!Arrays.equals(Arrays.stream(ids).asLongStream().toArray(), theirs.encode(text).getIds())) {
                throw new BenchException("the tokenizers give different ids for: " + text);
            }
            tokens += ids.length;
        }
        return tokens;
    }

    private static double seconds(Clock clock, Runnable work) {
        long start = clock.nanoseconds();
        work.run();
        return (clock.nanoseconds() - start) * 1e-9;
    }

    private static List<Object> row(String name, Rounds rounds, int contender, long tokens, double megabytes) {
        double seconds = rounds.median(contender);
        return List.of(name, new Figure(1e3 * seconds, "%.1f"), new Figure(tokens / seconds, "%.0f"),
                new Figure(megabytes / seconds, "%.1f"), new Figure(rounds.ratio(1, contender), "%.2f"),
                rounds.counted(), rounds.discarded());
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new BenchException(file + " cannot be read: " + e);
        }
    }
}
