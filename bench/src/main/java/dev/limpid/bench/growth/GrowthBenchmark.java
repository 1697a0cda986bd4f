package dev.limpid.bench.growth;

import dev.limpid.bench.BenchContext;
import dev.limpid.bench.BenchException;
import dev.limpid.bench.Benchmark;
import dev.limpid.bench.Figure;
import dev.limpid.bench.Table;
import dev.limpid.bench.explain.ExplainedTexts;
import dev.limpid.bench.explain.RandomInput;
import dev.limpid.bench.explain.RandomInput.Pair;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** How the time of explanations grows with nodes, tokens and texts. */
public final class GrowthBenchmark implements Benchmark {
    private static final double ALLOWED = 0.15;
    private static final int TOKENS = 64;
    private static final int NODES = 10;
    private static final double[] NODE_COUNTS = {10, 20, 40, 80, 160};
    private static final double[] LENGTHS = {32, 64, 128, 256, 512};
    private static final double[] TEXT_COUNTS = {1, 2, 4, 8, 16};

    @Override
    public String name() {
        return "growth";
    }

    @Override
    public String description() {
        return "how the time of explanations grows with nodes, tokens and texts";
    }

    @Override
    public boolean onlyWhenAskedFor() {
        return true;
    }

    @Override
    public List<Table> run(BenchContext context) {
        try (Ops ops = Device.open("cpu", new DeviceOptions(context.threads()))) {
            ExplainedTexts model = ExplainedTexts.random(ops, "minilm");
            double least = model.flops(1, 1); // of one token, so that the numbers are small
            List<Series> all = List.of(
                    measure(context, "nodes", "linear", NODE_COUNTS, n -> n,
                            n -> model.explain(texts(model, 1, TOKENS), (int) n)),
                    measure(context, "tokens", "as the matrix products", LENGTHS,
                            tokens -> model.flops((int) tokens, NODES) / least,
                            tokens -> model.explain(texts(model, 1, (int) tokens), NODES)),
                    measure(context, "texts", "linear", TEXT_COUNTS, count -> count,
                            count -> model.explain(texts(model, (int) count, TOKENS), NODES)));
            String title = "Explanations by a model of MiniLM's size, " + context.threads()
                    + " threads, seconds";
            if (context.explanations().plot() != null) {
                write(context.explanations().plot(), GrowthPlot.of(title, all));
            }
            return all.stream().map(series -> table(context, model, series)).toList();
        }
    }

    /** One explanation at a point of a series. */
    private interface Work {
        List<double[]> explain(double x);
    }

    private static List<Pair> texts(ExplainedTexts model, int count, int tokens) {
        return Collections.nCopies(count, RandomInput.pair(tokens, model.vocabSize()));
    }

    private static Series measure(BenchContext context, String name, String law, double[] x, DoubleUnaryOperator cost,
            Work work) {
        double[] seconds = new double[x.length];
        Arrays.fill(seconds, Double.MAX_VALUE);
        for (int round = 0; round <= context.rounds(); round++) { // the first to warm up
            for (int i = 0; i < x.length; i++) {
                context.tell("growth: " + name + " " + (int) x[i]);
                long start = System.nanoTime();
                List<double[]> values = work.explain(x[i]);
                double taken = (System.nanoTime() - start) * 1e-9;
                if (values.stream().flatMapToDouble(Arrays::stream).anyMatch(value -> !Double.isFinite(value))) {
                    throw new BenchException("growth: an attribution is not finite");
                }
                seconds[i] = round == 0 ? seconds[i] : Math.min(seconds[i], taken);
            }
        }
        return new Series(name, law, x, Arrays.stream(x).map(cost).toArray(), seconds);
    }

    private static Table table(BenchContext context, ExplainedTexts model, Series series) {
        double[] fit = series.fit();
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < fit.length; i++) {
            rows.add(List.of(Integer.toString((int) series.x()[i]), new Figure(series.seconds()[i], "%.3f"),
                    new Figure(fit[i], "%.3f"), new Figure(100 * (series.seconds()[i] / fit[i] - 1), "%+.1f")));
        }
        boolean holds = series.deviation() <= ALLOWED;
        return new Table("growth with " + series.name() + ", " + series.law() + ": " + (holds ? "yes" : "no"),
                List.of(series.name(), "s", "line s", "% off"), rows,
                List.of("the best of " + context.rounds() + " rounds; a model of MiniLM's size, " + model.vocabSize()
                        + " words; " + switch (series.name()) {
                            case "nodes" -> "one text of " + TOKENS + " tokens";
                            case "tokens" -> "one text, " + NODES + " nodes";
                            default -> "texts of " + TOKENS + " tokens, " + NODES + " nodes";
                        } + "; yes: no point is more than " + (int) (100 * ALLOWED) + " % off a line."));
    }

    private static void write(Path file, String svg) {
        try {
            Files.writeString(file, svg);
        } catch (IOException e) {
            throw new BenchException("--plot: " + file + " cannot be written: " + e);
        }
    }
}
