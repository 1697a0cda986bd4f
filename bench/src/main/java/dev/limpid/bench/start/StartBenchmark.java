package dev.limpid.bench.start;

import com.fasterxml.jackson.databind.JsonNode;
import dev.limpid.bench.BenchContext;
import dev.limpid.bench.BenchException;
import dev.limpid.bench.Benchmark;
import dev.limpid.bench.Figure;
import dev.limpid.bench.Table;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The first explanation of a fresh process, step by step, with and without an archive of classes as the launcher makes one. */
public final class StartBenchmark implements Benchmark {
    private static final String MAIN = "dev.limpid.bench.start.FirstExplanation";
    private static final List<String> OPTIONS = Stream.of(LauncherOptions.MEMORY, LauncherOptions.COMPILER)
            .flatMap(List::stream).toList();
    private static final List<Step> STEPS = List.of(new Step("jvm", "start of the JVM until main"),
            new Step("unpack", "finding the embedded model, unpacked before"),
            new Step("load", "loading weights and tokenizer, merging the adapter"),
            new Step("tokenize", "first texts to tokens"), new Step("first", "first explanation"),
            new Step("render", "HTML and JSON"));

    /** A step by its name in the child's answer. */
    private record Step(String key, String label) {}

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String description() {
        return "the first explanation of a fresh process, step by step";
    }

    @Override
    public List<Table> run(BenchContext context) {
        context.tell("start: " + context.rounds() + " fresh processes without an archive of classes, then with one");
        List<JsonNode> plain = runs(context, OPTIONS, context.rounds());
        List<JsonNode> archived = jarsOnly() ? archived(context) : List.of();
        return List.of(table(context, plain, archived));
    }

    /** Java makes no archive of classes that lie in folders. */
    private static boolean jarsOnly() {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getProperty("java.class.path"))
                .allMatch(element -> Files.isRegularFile(Path.of(element)));
    }

    private static List<JsonNode> archived(BenchContext context) {
        try {
            Path folder = Files.createTempDirectory("limpid-archive");
            Path archive = folder.resolve("classes.jsa");
            List<String> options = new ArrayList<>(OPTIONS);
            options.addAll(
                    List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + archive, "-Xlog:disable"));
            try {
                runs(context, options, 1);
                return runs(context, options, context.rounds());
            } finally {
                Files.deleteIfExists(archive);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new BenchException("start needs a folder for temporary files: " + e);
        }
    }

    private static List<JsonNode> runs(BenchContext context, List<String> options, int count) {
        List<JsonNode> runs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            JsonNode run = Child.json(options, MAIN, Instant.now().toString(), Integer.toString(context.threads()));
            if (!run.path("answer").asText().equals(FirstExplanation.ANSWER)) {
                throw new BenchException("the embedded model answered '" + run.path("answer").asText() + "', not '"
                        + FirstExplanation.ANSWER + "'");
            }
            runs.add(run);
        }
        return runs;
    }

    private static Table table(BenchContext context, List<JsonNode> plain, List<JsonNode> archived) {
        List<List<Object>> rows = new ArrayList<>();
        double[] sums = new double[2];
        for (Step step : STEPS) {
            double[] medians = {median(plain, step.key), median(archived, step.key)};
            sums[0] += medians[0];
            sums[1] += medians[1];
            rows.add(row(step.label, medians[0], medians[1]));
        }
        rows.add(row("all of these", sums[0], sums[1]));
        rows.add(row("of the first explanation, more than a warm one takes: compiling kernels",
                median(plain, "first") - median(plain, "warm"), median(archived, "first") - median(archived, "warm")));
        rows.add(row("of all, loading and checking classes, by all threads", median(plain, "classLoading"),
                median(archived, "classLoading")));
        return new Table(
                "cold start to the first explanation of the embedded model, ms, " + context.threads() + " threads",
                List.of("step", "without archive", "with archive"), rows,
                List.of(String.format(Locale.ROOT,
                        "medians of %d processes; %.0f classes; limpid qa itself keeps an archive from its first run on.",
                        context.rounds(), median(plain, "classes"))));
    }

    private static List<Object> row(String label, double plain, double archived) {
        return List.of(label, new Figure(1e3 * plain, "%.1f"), new Figure(1e3 * archived, "%.1f"));
    }

    private static double median(List<JsonNode> runs, String key) {
        double[] values = runs.stream().mapToDouble(run -> run.path(key).asDouble(Double.NaN)).sorted().toArray();
        return values.length == 0 ? Double.NaN : values[values.length / 2];
    }
}
