package dev.limpid.bench.explain;

import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Steps;
import dev.limpid.bench.BenchContext;
import dev.limpid.bench.ExplanationOptions;
import dev.limpid.bench.Figure;
import dev.limpid.bench.Table;
import dev.limpid.bench.explain.ExplainedModel.Explained;
import dev.limpid.safetensors.SafetensorsWriter;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Precision;
import java.util.ArrayList;
import java.util.List;

/** Times explanations of models with random weights on one device, and holds them against that device's own rate. */
final class ExplanationTable {
    private static final double MEGA = 1e6;

    private final BenchContext context;
    private final ExplanationOptions options;
    private String device;

    private ExplanationTable(BenchContext context) {
        this.context = context;
        this.options = context.explanations();
    }

    /** A row for each shape. */
    static Table of(BenchContext context, List<ModelShape> shapes) {
        ExplanationTable table = new ExplanationTable(context);
        List<List<Object>> rows = new ArrayList<>();
        for (ModelShape shape : shapes) {
            context.tell("explain: " + shape.name() + ", random weights, " + table.options.where());
            rows.add(table.row(shape));
        }
        ExplanationOptions options = table.options;
        List<String> columns = new ArrayList<>(List.of("shape", "tokens", "first s", "median s", "best s", "GFLOP/s",
                "GEMM GFLOP/s", "% of GEMM", "nodes", "delta", "device MB", "peak MB"));
        List<String> notes = new ArrayList<>(List.of("on " + table.device,
                "from token ids or pixels to attributions; first: with nothing compiled or recorded; median and best: of "
                        + context.rounds() + " rounds after " + options.warmUp() + " to warm up.",
                "GFLOP/s: all matrix products of a forward pass and a backward pass for each target, at the median; "
                        + "GEMM: products of square matrices of " + options.gemmSize() + " on the same device.",
                "device MB: most bytes in use on the device between passes; peak MB: resident memory of this process."));
        if (options.compare() != null) {
            columns.addAll(List.of("largest difference", "rank correlation"));
            notes.add("largest difference, relative to the largest attribution, and rank correlation: with "
                    + options.compare() + " in F32, the worst of all targets.");
        }
        return new Table("explanations, random weights, " + options.where() + ", " + context.threads() + " threads",
                columns, rows, notes);
    }

    private List<Object> row(ModelShape shape) {
        List<Explained> explained;
        List<Object> row = new ArrayList<>(List.of(shape.name(), shape.tokens()));
        try (Ops ops = Device.open(options.device(), new DeviceOptions(context.threads(), options.precision()))) {
            device = ops.description();
            double rate = GemmRate.measure(ops, options.gemmSize());
            ExplainedModel model = shape.open(ops, options.checkpoint());
            long[] most = new long[1];
            RunOptions run = RunOptions.DEFAULT.withProgress((_, _) -> most[0] = Math.max(most[0], ops.liveBytes()));
            List<List<Explained>> last = new ArrayList<>(List.of(List.of()));
            Timing timing = Timing.of(context,
                    () -> last.set(0, model.explain(new Steps.Fixed(Quadrature.GAUSS_LEGENDRE, options.nodes()), run)));
            explained = last.getFirst();
            for (Explained one : explained) {
                Timing.requireComplete(shape.name() + ", " + one.target(), one.delta(), one.change(), largestDelta());
            }
            double reached = model.flops(options.nodes()) / timing.median() * 1e-9;
            row.addAll(List.of(new Figure(timing.first(), "%.4f"), new Figure(timing.median(), "%.4f"),
                    new Figure(timing.best(), "%.4f"), new Figure(reached, "%.0f"), new Figure(rate, "%.0f"),
                    new Figure(100 * reached / rate, "%.1f"), options.nodes(),
                    new Figure(explained.stream().mapToDouble(one -> Math.abs(one.delta())).max().orElse(0), "%.1e"),
                    new Figure(most[0] / MEGA, "%.0f"), PeakMemory.megabytes()));
        }
        write(shape, explained);
        if (options.compare() != null) {
            Agreement worst = compare(shape, explained);
            row.addAll(List.of(new Figure(worst.largest(), "%.1e"), new Figure(worst.rankCorrelation(), "%.5f")));
        }
        return row;
    }

    /** Largest |delta|, relative to F(x) − F(x0), that a right answer has: both ends of the path are rounded, too. */
    private double largestDelta() {
        return switch (options.precision()) {
            case F32 -> 0.01;
            case TF32 -> 0.02;
            case BF16 -> 0.1;
        };
    }

    private Agreement compare(ModelShape shape, List<Explained> explained) {
        context.tell("explain: " + shape.name() + " on " + options.compare() + ", to compare");
        try (Ops ops = Device.open(options.compare(), new DeviceOptions(context.threads(), Precision.F32))) {
            List<Explained> others = shape.open(ops, options.checkpoint()).explain(
                    new Steps.Fixed(Quadrature.GAUSS_LEGENDRE, options.nodes()), RunOptions.DEFAULT);
            double largest = 0;
            double correlation = 1;
            for (int i = 0; i < others.size(); i++) {
                Agreement agreement = Agreement.of(explained.get(i).values(), others.get(i).values());
                largest = Math.max(largest, agreement.largest());
                correlation = Math.min(correlation, agreement.rankCorrelation());
            }
            return new Agreement(largest, correlation);
        }
    }

    private void write(ModelShape shape, List<Explained> explained) {
        if (options.attributions() != null) {
            SafetensorsWriter writer = new SafetensorsWriter();
            explained.forEach(one -> writer.doubles(one.target(), one.values(), one.values().length));
            writer.write(options.attributions()
                    .resolve("limpid-" + shape.name() + "-" + options.precision().id() + ".safetensors"));
        }
    }
}
