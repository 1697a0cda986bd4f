package dev.limpid.attribution;

import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.function.BiFunction;

/** A network seen from the point where the path is integrated: rows of values (T, C) there, logits at the other end. */
public interface PathModel {
    /** The device. */
    Ops ops();

    /** Number of logits of a row. */
    int logitsPerRow();

    /** About how many bytes a row holds during a forward and backward pass. */
    long bytesPerRow();

    /** The forward pass of rows {@code points} (n, T, C). */
    Pass forward(Workspace ws, Tensor points);

    /** A forward pass that can be taken back. */
    interface Pass {
        /** The logits, {@link PathModel#logitsPerRow} for each row. */
        Tensor logits();

        /** The gradient (n, T, C) of the points, from the gradient {@code dLogits} of the logits, which has their shape. */
        Tensor backward(Workspace ws, Tensor dLogits);

        /** The same from numbers that are here, so that a network may leave out what a gradient of 0 does not reach. */
        default Tensor backward(Workspace ws, double[] dLogits) {
            Tensor d = TargetRows.like(ws, logits());
            ws.ops().upload(dLogits, d);
            Tensor dPoints = backward(ws, d);
            ws.release(d);
            return dPoints;
        }

        /** A pass with these logits, taken back by {@code backward}. */
        static Pass of(Tensor logits, BiFunction<Workspace, Tensor, Tensor> backward) {
            return new Pass() {
                @Override
                public Tensor logits() {
                    return logits;
                }

                @Override
                public Tensor backward(Workspace ws, Tensor dLogits) {
                    return backward.apply(ws, dLogits);
                }
            };
        }
    }
}
