package dev.limpid.bench.micro;

import dev.limpid.bench.BenchContext;
import dev.limpid.bench.BenchException;
import dev.limpid.bench.Benchmark;
import dev.limpid.bench.Clock;
import dev.limpid.bench.Figure;
import dev.limpid.bench.Table;
import dev.limpid.bench.rounds.FmaPeak;
import dev.limpid.bench.rounds.Rounds;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Layer norm, softmax, GELU and attention on one thread, each beside what the machine could do at best. */
public final class LayerBenchmark implements Benchmark {
    private static final int PEAK_TRIALS = 20;
    private static final int MOST_ROUNDS = 8;
    private static final double LEAST_SECONDS = 0.02;
    private static final long WARM_UP_NANOSECONDS = 400_000_000;
    /** Largest difference from the same in double precision, relative to the largest number; attention's longest sums have 384 terms. */
    private static final double TOLERANCE = 2e-5;

    @Override
    public String name() {
        return "layers";
    }

    @Override
    public String description() {
        return "layer norm, softmax, GELU and attention, forward and backward, on one thread";
    }

    @Override
    public List<Table> run(BenchContext context) {
        List<List<Object>> rows = new ArrayList<>();
        double worst = 0;
        try (FmaPeak peak = new FmaPeak(context.clock(), 1);
                Ops ops = Device.open("cpu", new DeviceOptions(1));
                Ops reference = Device.open("reference", new DeviceOptions(1))) {
            for (int i = 0; i < PEAK_TRIALS; i++) {
                measure(peak);
            }
            context.tell("layers: softmax");
            SoftmaxCase softmax = new SoftmaxCase();
            worst = softmax.difference();
            require("softmax", worst);
            rows.add(row(context, peak, "softmax", softmax.size(), 0, softmax.bytes(), 1, softmax));
            for (LayerCase each : LayerCase.bertBase()) {
                context.tell("layers: " + each.name() + ", " + each.size());
                try (Workspace ws = ops.workspace()) {
                    LayerCase.Prepared prepared = each.on().apply(ws);
                    prepared.work().run();
                    double difference = difference(ops.download(prepared.result()), expected(each, reference));
                    require(each.name(), difference);
                    worst = Math.max(worst, difference);
                    rows.add(row(context, peak, each.name(), each.size(), each.flops(), each.bytes(), each.inputs(),
                            prepared.work()));
                }
            }
            List<String> notes = List.of(
                    String.format(Locale.ROOT, "FMA peak of the thread %.1f GFLOP/s; largest difference from double "
                            + "precision, relative to the largest number, %.1e", peak.best(), worst),
                    "bound: the time of as many fused multiply-adds at that peak, or of a loop that only reads and "
                            + "writes as many bytes, whichever is longer.");
            return List.of(new Table(
                    "layers of BERT-base, one thread, medians, " + context.clock().name().toLowerCase(Locale.ROOT)
                            + " time",
                    List.of("operation", "size", "us", "GB/s", "GFLOP/s", "bound", "% of bound", "rounds counted",
                            "discarded"),
                    rows, notes));
        }
    }

    private static void measure(FmaPeak peak) {
        try {
            peak.measure();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchException("layers was interrupted");
        }
    }

    private static double[] expected(LayerCase each, Ops reference) {
        try (Workspace ws = reference.workspace()) {
            LayerCase.Prepared prepared = each.on().apply(ws);
            prepared.work().run();
            return reference.download(prepared.result());
        }
    }

    private static List<Object> row(BenchContext context, FmaPeak peak, String name, String size, double flops,
            double bytes, int inputs, Runnable work) {
        MemoryRate memory = new MemoryRate(bytes, inputs);
        Repeated operation = new Repeated(work, context.clock());
        Repeated stream = new Repeated(memory, context.clock());
        Rounds rounds = new Rounds(peak, List.of(operation::seconds, stream::seconds));
        rounds.measure(context.rounds(), MOST_ROUNDS * context.rounds());
        if (!memory.right()) {
            throw new BenchException("the loop that measures memory wrote a wrong number");
        }
        double seconds = rounds.median(0);
        double byMemory = rounds.median(1);
        double byArithmetic = flops / peak.best() * 1e-9;
        double bound = Math.max(byMemory, byArithmetic);
        return List.of(name, size, new Figure(1e6 * seconds, "%.1f"), new Figure(bytes / seconds * 1e-9, "%.1f"),
                new Figure(flops == 0 ? Double.NaN : flops / seconds * 1e-9, "%.1f"),
                byMemory >= byArithmetic ? "memory" : "FMA", new Figure(100 * bound / seconds, "%.0f"),
                rounds.counted(), rounds.discarded());
    }

    /** Work done as often as it takes to be timed well. */
    private static final class Repeated {
        private final Runnable work;
        private final Clock clock;
        private final int times;

        Repeated(Runnable work, Clock clock) {
            this.work = work;
            this.clock = clock;
            long start = System.nanoTime();
            double last = 0;
            do {
                long one = clock.nanoseconds();
                work.run();
                last = (clock.nanoseconds() - one) * 1e-9;
            } while (System.nanoTime() - start < WARM_UP_NANOSECONDS);
            times = (int) Math.clamp(LEAST_SECONDS / last, 1, 1e5);
        }

        double seconds() {
            long start = clock.nanoseconds();
            for (int i = 0; i < times; i++) {
                work.run();
            }
            return (clock.nanoseconds() - start) * 1e-9 / times;
        }
    }

    private static void require(String name, double difference) {
        if (!(difference <= TOLERANCE)) {
            throw new BenchException(name + " computes a wrong answer: it differs by " + difference
                    + " of the largest number from the same in double precision, allowed are " + TOLERANCE);
        }
    }

    static double difference(double[] values, double[] expected) {
        double largest = 0;
        double scale = 0;
        for (int i = 0; i < values.length; i++) {
            largest = Math.max(largest, Math.abs(values[i] - expected[i])); // NaN wins
            scale = Math.max(scale, Math.abs(expected[i]));
        }
        return largest / scale;
    }
}
