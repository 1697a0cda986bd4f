package dev.limpid.bench.chunks;

import dev.limpid.bench.BenchContext;
import dev.limpid.bench.BenchException;
import dev.limpid.bench.Benchmark;
import dev.limpid.bench.Figure;
import dev.limpid.bench.Table;
import dev.limpid.bench.explain.Agreement;
import dev.limpid.bench.explain.ExplainedTexts;
import dev.limpid.bench.explain.RandomInput;
import dev.limpid.bench.explain.RandomInput.Pair;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** How many tokens should go through the network at once: the rate of explanations of packed texts by the size of a chunk, and of each text by itself. */
public final class ChunksBenchmark implements Benchmark {
    private static final int TEXTS = 16;
    private static final int SHORTEST = 8;
    private static final int LONGEST = 200;
    private static final double ALLOWED = 1e-4;
    private static final int[] CHUNKS = {64, 128, 256, 512, 1024, 2048, 4096};

    /** A model, and nodes of a text: as many as give a chunk of the largest size. */
    private enum Work {
        MINILM("minilm", 6), BERT_BASE("bert-base", 3);

        final String model;
        final int nodes;

        Work(String model, int nodes) {
            this.model = model;
            this.nodes = nodes;
        }
    }

    @Override
    public String name() {
        return "chunks";
    }

    @Override
    public String description() {
        return "the rate of explanations by the number of tokens that go through the network at once";
    }

    @Override
    public boolean onlyWhenAskedFor() {
        return true;
    }

    @Override
    public List<Table> run(BenchContext context) {
        List<Table> tables = new ArrayList<>();
        for (Work work : Work.values()) {
            try (Ops ops = Device.open("cpu", new DeviceOptions(context.threads()))) {
                tables.add(measure(context, ExplainedTexts.random(ops, work.model), work));
            }
        }
        return tables;
    }

    /** In turn, so that what else the machine does falls on all alike; the first round warms up. */
    private static Table measure(BenchContext context, ExplainedTexts model, Work work) {
        List<Pair> texts = new SplittableRandom(TEXTS).ints(TEXTS, SHORTEST, LONGEST + 1)
                .mapToObj(tokens -> RandomInput.pair(tokens, model.vocabSize())).toList();
        int tokens = work.nodes * texts.stream().mapToInt(text -> text.ids().length).sum();
        double[][] seconds = new double[CHUNKS.length + 1][context.rounds()];
        List<double[]> first = List.of();
        for (int round = -1; round < context.rounds(); round++) {
            for (int i = 0; i <= CHUNKS.length; i++) {
                int chunk = i < CHUNKS.length ? CHUNKS[i] : 0;
                context.tell("chunks: " + work.model + ", " + (chunk == 0 ? "one by one" : chunk + " tokens"));
                long start = System.nanoTime();
                List<double[]> found = chunk == 0
                        ? texts.stream().map(text -> model.explain(List.of(text), work.nodes).getFirst()).toList()
                        : model.explainInChunks(texts, work.nodes, chunk);
                double taken = (System.nanoTime() - start) * 1e-9;
                first = first.isEmpty() ? found : first;
                requireSame(first, found);
                if (round >= 0) {
                    seconds[i][round] = taken;
                }
            }
        }
        return table(context, work, tokens, seconds);
    }

    private static void requireSame(List<double[]> expected, List<double[]> found) {
        for (int i = 0; i < expected.size(); i++) {
            if (!(Agreement.of(found.get(i), expected.get(i)).largest() <= ALLOWED)) {
                throw new BenchException("chunks: text " + i + " is explained otherwise in another chunk");
            }
        }
    }

    private static Table table(BenchContext context, Work work, int tokens, double[][] seconds) {
        double[] rates = Arrays.stream(seconds).mapToDouble(times -> tokens / median(times)).toArray();
        double best = Arrays.stream(rates).max().orElseThrow();
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < rates.length; i++) {
            rows.add(List.of(i < CHUNKS.length ? Integer.toString(CHUNKS[i]) : "one text",
                    new Figure(rates[i], "%.0f"), new Figure(100 * rates[i] / best, "%.0f")));
        }
        return new Table("tokens in a chunk, " + work.model, List.of("tokens", "tokens/s", "% of best"), rows,
                List.of(TEXTS + " texts of " + SHORTEST + " to " + LONGEST + " tokens, " + work.nodes
                        + " nodes, " + tokens + " tokens forward and backward in all; median of " + context.rounds()
                        + " rounds in turn, " + context.threads()
                        + " threads; one text: each by itself, its nodes at once."));
    }

    private static double median(double[] times) {
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
