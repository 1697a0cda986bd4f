package dev.limpid.attribution;

import java.util.stream.Stream;

/** How often a network was evaluated for one target by a method that calls another one many times, and how exactly. */
final class Evaluations {
    private int steps;
    private double tolerance; // the largest aimed at; NaN once a call aimed at none
    private boolean met = true;

    /** One without any evaluation for each of some targets. */
    static Evaluations[] none(int targets) {
        return Stream.generate(Evaluations::new).limit(targets).toArray(Evaluations[]::new);
    }

    void add(Attribution one) {
        steps += one.steps();
        tolerance = Math.max(tolerance, one.accuracy() == null ? Double.NaN : one.accuracy().tolerance());
        met &= one.accuracy() == null || one.accuracy().met();
    }

    /** What was found by all of them: as exact as wanted if each is. */
    Attribution attribution(double[] values, double score, double baselineScore) {
        return new Attribution(values, score, baselineScore, steps,
                Double.isNaN(tolerance) ? null : new Accuracy(tolerance, met));
    }
}
