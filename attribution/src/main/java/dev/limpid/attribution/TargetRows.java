package dev.limpid.attribution;

import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.Arrays;

/** Targets on the logits of several rows; refuses a network that computes numbers that are not finite. */
final class TargetRows {
    private TargetRows() {}

    /** F of one row. */
    static double evaluate(Target target, double[] logits) {
        return evaluate(target, logits, new double[logits.length]);
    }

    /** F of row {@code row} of {@code rows}. */
    static double evaluate(Target target, double[] logits, int row, int rows) {
        return evaluate(target, row(logits, row, rows));
    }

    /**
     * F of rows, and its gradient.
     *
     * @param logits of these rows and others
     * @param dLogits where the gradient goes, in the places of the logits
     * @param at where the rows' logits begin
     * @param scores where F of the rows goes, {@code from} to {@code to} (exclusive)
     */
    static void evaluate(Target target, double[] logits, double[] dLogits, int at, int perRow, double[] scores,
            int from, int to) {
        for (int k = 0; k < to - from; k++) {
            int row = at + k * perRow;
            double[] dRow = new double[perRow];
            scores[from + k] = evaluate(target, Arrays.copyOfRange(logits, row, row + perRow), dRow);
            System.arraycopy(dRow, 0, dLogits, row, perRow);
        }
    }

    /**
     * F of each of {@code rows} rows, and its gradient.
     *
     * @param scores where F of the rows goes, from {@code from} on
     */
    static double[] dLogits(Target target, double[] logits, int rows, double[] scores, int from) {
        double[] dLogits = new double[logits.length];
        evaluate(target, logits, dLogits, 0, logits.length / rows, scores, from, from + rows);
        return dLogits;
    }

    /** A tensor of activations of the same shape. */
    static Tensor like(Workspace ws, Tensor x) {
        int[] dims = new int[x.shape().rank()];
        Arrays.setAll(dims, x.shape()::dim);
        return ws.tensor(dims);
    }

    /** The gradient itself, if it is finite. */
    static double[] finite(double[] gradient) {
        for (double g : gradient) {
            finite(g, "a gradient of ");
        }
        return gradient;
    }

    private static double[] row(double[] logits, int row, int rows) {
        int perRow = logits.length / rows;
        return Arrays.copyOfRange(logits, row * perRow, (row + 1) * perRow);
    }

    private static double evaluate(Target target, double[] logits, double[] dLogits) {
        return finite(target.evaluate(logits, dLogits), "");
    }

    private static double finite(double value, String what) {
        if (!Double.isFinite(value)) {
            throw new ArithmeticException("the model computes " + what + value
                    + " for this input, so it cannot be explained;"
                    + " the weights may be damaged or overflow in 32-bit floating point");
        }
        return value;
    }
}
