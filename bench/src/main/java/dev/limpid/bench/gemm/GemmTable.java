package dev.limpid.bench.gemm;

import dev.limpid.bench.Table;
import dev.limpid.bench.rounds.FmaPeak;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lays the timings of several shapes out: rates, shares of the first contender and of the peak, rounds counted and discarded. */
final class GemmTable {
    private final List<Contender> contenders;
    private final int threads;
    private final FmaPeak peak;
    private final int wanted;

    GemmTable(List<Contender> contenders, int threads, FmaPeak peak, int wanted) {
        this.contenders = contenders;
        this.threads = threads;
        this.peak = peak;
        this.wanted = wanted;
    }

    Table of(String title, List<GemmRounds> shapes) {
        List<List<Object>> rows = new ArrayList<>();
        double[] means = new double[contenders.size()];
        for (GemmRounds shape : shapes) {
            double[] medians = new double[contenders.size()];
            for (int i = 0; i < medians.length; i++) {
                medians[i] = shape.median(i);
            }
            rows.add(row(shape.shape().toString(), medians, shape.counted(), shape.discarded()));
        }
        for (int i = 0; i < means.length; i++) {
            int contender = i;
            means[i] = Math.exp(shapes.stream().mapToDouble(shape -> Math.log(shape.median(contender))).average()
                    .orElseThrow());
        }
        rows.add(row("geometric mean", means, shapes.stream().mapToInt(GemmRounds::counted).sum(),
                shapes.stream().mapToInt(GemmRounds::discarded).sum()));
        return new Table(title, columns(), rows, notes(shapes));
    }

    private List<String> columns() {
        List<String> columns = new ArrayList<>(List.of("MxKxN"));
        for (int i = 0; i < contenders.size(); i++) {
            String name = contenders.get(i).name();
            columns.add(name);
            columns.add(name + " % of peak");
            if (i > 0) {
                columns.add(name + " % of " + contenders.get(0).name());
            }
        }
        columns.add("rounds counted");
        columns.add("discarded");
        return columns;
    }

    private List<Object> row(String label, double[] rates, int counted, int discarded) {
        List<Object> row = new ArrayList<>(List.of(label));
        for (int i = 0; i < rates.length; i++) {
            row.add(rates[i]);
            row.add(100 * rates[i] / (threads * peak.best()));
            if (i > 0) {
                row.add(100 * rates[i] / rates[0]);
            }
        }
        row.add(counted);
        row.add(discarded);
        return row;
    }

    private List<String> notes(List<GemmRounds> shapes) {
        double worst = shapes.stream().mapToDouble(GemmRounds::worstDifference).max().orElseThrow();
        List<String> notes = new ArrayList<>();
        notes.add(String.format(Locale.ROOT,
                "FMA peak of one thread %.1f GFLOP/s; Java %s; largest difference from %s %.1e",
                peak.best(), Runtime.version(), contenders.get(0).name(), worst));
        if (shapes.stream().anyMatch(shape -> shape.counted() < wanted)) {
            notes.add("Some shapes have fewer than " + wanted + " counted rounds: the machine was not quiet enough.");
        }
        return notes;
    }
}
