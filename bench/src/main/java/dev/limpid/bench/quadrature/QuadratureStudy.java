package dev.limpid.bench.quadrature;

import dev.limpid.bench.BenchContext;
import dev.limpid.bench.BenchException;
import dev.limpid.bench.Benchmark;
import dev.limpid.bench.Figure;
import dev.limpid.bench.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** How many nodes integrals take, by rule and by tolerance, against 1,000 nodes of Gauss and Legendre: the data behind {@code --steps auto}. */
public final class QuadratureStudy implements Benchmark {
    private static final double[] WANTED = {1e-2, 1e-3, 1e-4};

    @Override
    public String name() {
        return "quadrature";
    }

    @Override
    public String description() {
        return "nodes that integrals take, by rule and by tolerance (minutes; only when asked for)";
    }

    @Override
    public boolean onlyWhenAskedFor() {
        return true;
    }

    @Override
    public List<Table> run(BenchContext context) {
        List<Measured> all = new ArrayList<>();
        new StudiedPaths(context.threads()).forEach(path -> {
            context.tell("quadrature: " + path.model() + ", " + path.space().shape());
            all.addAll(Measured.of(path));
        });
        if (context.explanations().plot() != null) {
            write(context.explanations().plot(), ErrorPlot.svg(all));
        }
        return List.of(needed(all, "attributions", false), needed(all, "completeness", true), tolerances(all));
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new BenchException("cannot write " + file + ": " + e.getMessage());
        }
    }

    private static Table needed(List<Measured> all, String of, boolean complete) {
        Map<String, List<Measured>> models = new LinkedHashMap<>();
        all.forEach(one -> models.computeIfAbsent(one.model(), _ -> new ArrayList<>()).add(one));
        models.put("all", all);
        List<String> columns = new ArrayList<>(List.of("model", "targets"));
        for (Rule rule : Rule.values()) {
            for (double wanted : WANTED) {
                columns.add(rule.label() + " " + wanted);
            }
        }
        List<List<Object>> rows = new ArrayList<>();
        models.forEach((model, ones) -> {
            List<Object> row = new ArrayList<>(List.of(model, ones.size()));
            for (Rule rule : Rule.values()) {
                for (double wanted : WANTED) {
                    int most = rule.counts().getLast();
                    row.add(medianAndWorst(ones, one -> one.needed(rule, wanted, complete), most));
                }
            }
            rows.add(row);
        });
        return new Table("nodes for " + of + " within 1e-2, 1e-3 and 1e-4: median / most", columns, rows,
                List.of("against " + Measured.REFERENCE
                        + " nodes of Gauss-Legendre; attributions relative to the largest,"
                        + " delta to the change of the score"));
    }

    private static Table tolerances(List<Measured> all) {
        List<List<Object>> rows = new ArrayList<>();
        for (double tolerance : Measured.TOLERANCES) {
            double[] errors = all.stream().mapToDouble(one -> one.tolerances().get(tolerance).error()).sorted()
                    .toArray();
            double[] deltas = all.stream().mapToDouble(one -> one.tolerances().get(tolerance).incompleteness()).sorted()
                    .toArray();
            rows.add(List.of(Double.toString(tolerance),
                    all.stream().mapToInt(one -> one.tolerances().get(tolerance).nodes()).average().orElseThrow(),
                    medianAndWorst(all, one -> one.tolerances().get(tolerance).nodes(), Integer.MAX_VALUE - 1),
                    figure(errors[errors.length / 2]), figure(errors[errors.length - 1]),
                    figure(deltas[deltas.length / 2]), figure(deltas[deltas.length - 1]),
                    medianAndWorst(all, one -> one.equallyGood(Rule.GAUSS_LEGENDRE, tolerance),
                            Rule.GAUSS_LEGENDRE.counts().getLast())));
        }
        double[] fifty = all.stream().mapToDouble(one -> one.rules().get(Rule.GAUSS_LEGENDRE).get(50).error()).sorted()
                .toArray();
        double[] complete = all.stream()
                .mapToDouble(one -> one.rules().get(Rule.GAUSS_LEGENDRE).get(50).incompleteness()).sorted().toArray();
        rows.add(List.of("fixed, 50", 50.0, "50 / 50", figure(fifty[fifty.length / 2]), figure(fifty[fifty.length - 1]),
                figure(complete[complete.length / 2]), figure(complete[complete.length - 1]), "50 / 50"));
        return new Table(
                "what a tolerance gives: Clenshaw-Curtis, closer in the middle for texts and at the start for images, doubled until it is met",
                List.of("tolerance", "nodes, mean", "median / most", "error, median", "most", "delta, median", "most",
                        "Gauss-Legendre as good"),
                rows, List.of());
    }

    private static Figure figure(double value) {
        return new Figure(value, "%.0e");
    }

    private static String medianAndWorst(List<Measured> ones, ToIntFunction<Measured> nodes, int most) {
        int[] sorted = ones.stream().mapToInt(nodes).sorted().toArray();
        return Arrays.stream(new int[]{sorted[sorted.length / 2], sorted[sorted.length - 1]})
                .mapToObj(n -> n > most ? ">" + most : Integer.toString(n)).reduce((a, b) -> a + " / " + b)
                .orElseThrow();
    }
}
