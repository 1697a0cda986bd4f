package dev.limpid.bench.rounds;

import dev.limpid.bench.BenchException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Times contenders in alternating rounds.
 *
 * <p>A round runs each contender once, in an order that turns from round to round, between two measurements of {@link FmaPeak}. It counts when both reach 90 % of the
 * best peak of the whole run; where they do not, the core was shared or throttled.
 */
public final class Rounds {
    private static final double QUIET = 0.9;

    /** The middle one of some loops says how quiet it is, where a single one of ten milliseconds says who had the core just then. */
    private static final int LOOPS = 5;

    private final FmaPeak peak;
    private final List<Contender> contenders;
    private final List<Round> rounds = new ArrayList<>();

    /** Something that is timed. */
    @FunctionalInterface
    public interface Contender {
        /** Does its work once and says how many seconds that took. */
        double seconds() throws InterruptedException;
    }

    /** One round: the lower of the two peaks beside it, and the seconds each contender took. */
    record Round(double peak, double[] seconds) {}

    public Rounds(FmaPeak peak, List<Contender> contenders) {
        this.peak = peak;
        this.contenders = List.copyOf(contenders);
    }

    /** Does rounds until {@code wanted} count, but no more than {@code most} at this call. */
    public void measure(int wanted, int most) {
        try {
            for (int i = 0; i < most && counted() < wanted; i++) {
                rounds.add(round(rounds.size()));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BenchException("the measurement was interrupted");
        }
    }

    private Round round(int turn) throws InterruptedException {
        double[] seconds = new double[contenders.size()];
        double before = quiet();
        for (int i = 0; i < seconds.length; i++) {
            int which = (i + turn) % seconds.length;
            seconds[which] = contenders.get(which).seconds();
        }
        return new Round(Math.min(before, quiet()), seconds);
    }

    private double quiet() throws InterruptedException {
        double[] rates = new double[LOOPS];
        for (int i = 0; i < LOOPS; i++) {
            rates[i] = peak.measure();
        }
        Arrays.sort(rates);
        return middle(rates);
    }

    /** How many rounds count by the best peak known now. */
    public int counted() {
        return counting(rounds, peak.best()).size();
    }

    public int discarded() {
        return rounds.size() - counted();
    }

    /** The median seconds of one contender over the rounds that count; NaN where none does. */
    public double median(int contender) {
        return median(rounds, contender, peak.best());
    }

    /** The median over the rounds that count of how many times longer {@code slower} took than {@code faster}; NaN where none does. */
    public double ratio(int slower, int faster) {
        return middle(counting(rounds, peak.best()).stream()
                .mapToDouble(round -> round.seconds[slower] / round.seconds[faster]).sorted().toArray());
    }

    static List<Round> counting(List<Round> rounds, double bestPeak) {
        return rounds.stream().filter(round -> round.peak >= QUIET * bestPeak).toList();
    }

    static double median(List<Round> rounds, int contender, double bestPeak) {
        return middle(counting(rounds, bestPeak).stream().mapToDouble(round -> round.seconds[contender]).sorted()
                .toArray());
    }

    private static double middle(double[] sorted) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
