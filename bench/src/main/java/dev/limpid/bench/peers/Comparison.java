package dev.limpid.bench.peers;

import dev.limpid.bench.BenchContext;
import dev.limpid.bench.BenchException;
import dev.limpid.bench.Figure;
import dev.limpid.bench.rounds.Rounds;
import dev.limpid.safetensors.SafetensorsFile;
import java.util.List;

/**
 * One line of the table: what was done, how long it took Limpid and a peer, and how near their answers are.
 *
 * @param work what was explained
 * @param peer by whom else
 * @param ours seconds or megabytes of Limpid
 * @param theirs of the peer
 * @param unit of both
 * @param ratio how many times as much the peer needs
 * @param bar what {@code ratio} is to reach
 * @param agreement the largest difference of the attributions, relative to the largest; NaN where none are compared
 * @param counted rounds that count
 * @param discarded those that do not
 */
record Comparison(String work, String peer, double ours, double theirs, String unit, double ratio, double bar,
        double agreement, int counted, int discarded) {
    static final List<String> COLUMNS = List.of("work", "against", "Limpid", "peer", "unit", "times", "bar", "reached",
            "difference", "rounds counted", "discarded");

    /** Of two contenders of measured rounds. */
    static Comparison of(String work, String peer, Rounds rounds, int ours, int theirs, double bar, double agreement) {
        return new Comparison(work, peer, rounds.median(ours), rounds.median(theirs), "s", rounds.ratio(theirs, ours),
                bar, agreement, rounds.counted(), rounds.discarded());
    }

    List<Object> row() {
        return List.of(work, peer, new Figure(ours, "%.3f"), new Figure(theirs, "%.3f"), unit,
                new Figure(ratio, "%.2f"), new Figure(bar, "%.1f"),
                Double.isNaN(bar) || Double.isNaN(ratio) ? "-" : ratio >= bar ? "yes" : "no",
                new Figure(agreement, "%.1e"), counted, discarded);
    }

    /** Refuses attributions that are not the same: nothing is compared with a peer that explains something else. */
    static double requireNear(String work, double difference, double allowed) {
        if (!(difference <= allowed)) {
            throw new BenchException(work + ": the attributions differ by " + difference
                    + " of the largest from the peer's, allowed are " + allowed);
        }
        return difference;
    }

    /** The numbers a peer wrote, in double precision. */
    static double[] values(SafetensorsFile file, String name) {
        float[] floats = file.floats(name);
        double[] values = new double[floats.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = floats[i];
        }
        return values;
    }

    static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) * 1e-9;
    }

    static void measure(BenchContext context, Rounds rounds) {
        rounds.measure(context.rounds(), 3 * context.rounds());
    }
}
