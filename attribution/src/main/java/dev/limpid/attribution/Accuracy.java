package dev.limpid.attribution;

/**
 * How exact an integral was wanted, see {@link Steps.Auto}, and whether it became so.
 *
 * @param tolerance τ
 * @param met whether it was reached before the most steps allowed were taken
 */
public record Accuracy(double tolerance, boolean met) {}
