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
     * F of each row, and its gradient on the device.
     *
     * @param logits the elements of {@code shape}
     * @param shape a tensor of the logits' shape, the first dimension being the rows
     * @param scores where F of the rows goes, from {@code from} on
     */
    static Tensor dLogits(Workspace ws, Target target, double[] logits, Tensor shape, double[] scores, int from) {
        int rows = shape.shape().dim(0);
        int perRow = logits.length / rows;
        double[] dLogits = new double[logits.length];
        for (int k = 0; k < rows; k++) {
            double[] dRow = new double[perRow];
            scores[from + k] = evaluate(target, row(logits, k, rows), dRow);
            System.arraycopy(dRow, 0, dLogits, k * perRow, perRow);
        }
        int[] dims = new int[shape.shape().rank()];
        Arrays.setAll(dims, shape.shape()::dim);
        Tensor d = ws.tensor(dims);
        ws.ops().upload(dLogits, d);
        return d;
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
