package dev.limpid.tensor.cpu;

import dev.limpid.tensor.Tensor;

/**
 * Self-attention on the CPU: a task for each row and head, which takes the queries a block at a time, so that no more than a block's scores are ever held.
 *
 * <p>The backward pass computes the probabilities again, from the scores and the forward pass's logarithms of their sums: a product more, and no (B, H, T, T) array.
 */
final class CpuAttention {
    /** Scores held by a task, 1 MiB: the second-level cache holds them, and their gradients, beside the keys and values. */
    private static final int SCORES = 1 << 18;

    private final Gemm gemm;
    private final Parallel parallel;

    CpuAttention(Gemm gemm, Parallel parallel) {
        this.gemm = gemm;
        this.parallel = parallel;
    }

    private static float[] of(Tensor x) {
        return CpuOps.of(x);
    }

    private static int at(Tensor x) {
        return CpuOps.at(x);
    }

    /** Queries that are taken at a time. */
    private static int block(int length) {
        return Math.clamp(SCORES / length, 1, length);
    }

    /** {@code scores = q·kᵀ} of {@code rows} queries from {@code t} on. */
    private void scores(AttentionIndex index, Tensor qkv, int b, int h, int t, int rows, float[] scores, int offset) {
        int wide = 3 * index.hidden;
        gemm.gemm(false, true, rows, index.length, index.size, of(qkv), index.query(b, h, t, 0), wide, of(qkv),
                index.key(b, h, 0, 0), wide, false, scores, offset, index.length, Parallel.SERIAL);
    }

    void forward(Tensor qkv, Tensor mask, int heads, Tensor context, Tensor logSumExp) {
        AttentionIndex index = new AttentionIndex(qkv, heads, context.shape().columns());
        int length = index.length;
        int block = block(length);
        float[] additive = mask == null ? null : additiveMask(mask);
        parallel.run(index.batch * heads, task -> {
            int b = task / heads;
            int h = task % heads;
            float[] p = Scratch.P.floats(block * length);
            for (int t = 0; t < length; t += block) {
                int rows = Math.min(block, length - t);
                scores(index, qkv, b, h, t, rows, p, 0);
                Elementwise.softmax(p, 0, rows, length, (float) index.scale, additive, b * length, of(logSumExp),
                        at(logSumExp) + index.row(b, h, t));
                gemm.gemm(false, false, rows, index.size, length, p, 0, length, of(qkv), index.value(b, h, 0, 0),
                        3 * index.hidden, false, of(context), at(context) + index.context(b, h, t, 0), index.hidden,
                        Parallel.SERIAL);
            }
        });
    }

    void backwardInput(Tensor dContext, Tensor qkv, Tensor mask, int heads, Tensor logSumExp, Tensor dQkv) {
        AttentionIndex index = new AttentionIndex(qkv, heads, dContext.shape().columns());
        AttentionIndex out = new AttentionIndex(dQkv, heads, dContext.shape().columns());
        int length = index.length;
        int size = index.size;
        int wide = 3 * index.hidden;
        int block = block(length);
        float[] additive = mask == null ? null : additiveMask(mask);
        parallel.run(index.batch * heads, task -> {
            int b = task / heads;
            int h = task % heads;
            float[] p = Scratch.P.floats(block * length);
            float[] dS = Scratch.D_S.floats(block * length);
            for (int t = 0; t < length; t += block) {
                int rows = Math.min(block, length - t);
                boolean further = t > 0;
                int dOut = at(dContext) + index.context(b, h, t, 0);
                scores(index, qkv, b, h, t, rows, p, 0);
                Elementwise.softmaxAgain(p, 0, rows, length, (float) index.scale, additive, b * length, of(logSumExp),
                        at(logSumExp) + index.row(b, h, t));
                gemm.gemm(false, true, rows, length, size, of(dContext), dOut, index.hidden, of(qkv),
                        index.value(b, h, 0, 0), wide, false, dS, 0, length, Parallel.SERIAL);
                gemm.gemm(true, false, length, size, rows, p, 0, length, of(dContext), dOut, index.hidden, further,
                        of(dQkv), out.value(b, h, 0, 0), wide, Parallel.SERIAL);
                Elementwise.softmaxBackward(p, 0, dS, 0, dS, 0, rows, length, (float) index.scale);
                gemm.gemm(false, false, rows, size, length, dS, 0, length, of(qkv), index.key(b, h, 0, 0), wide, false,
                        of(dQkv), out.query(b, h, t, 0), wide, Parallel.SERIAL);
                gemm.gemm(true, false, length, size, rows, dS, 0, length, of(qkv), index.query(b, h, t, 0), wide,
                        further, of(dQkv), out.key(b, h, 0, 0), wide, Parallel.SERIAL);
            }
        });
    }

    void probabilities(Tensor qkv, Tensor mask, int heads, Tensor probabilities) {
        AttentionIndex index = new AttentionIndex(qkv, heads, qkv.shape().columns() / 3);
        int length = index.length;
        float[] additive = mask == null ? null : additiveMask(mask);
        parallel.run(index.batch * heads, task -> {
            int b = task / heads;
            int h = task % heads;
            int offset = at(probabilities) + index.probability(b, h, 0, 0);
            scores(index, qkv, b, h, 0, length, of(probabilities), offset);
            Elementwise.softmax(of(probabilities), offset, length, length, (float) index.scale, additive, b * length,
                    Scratch.SUMS.floats(length), 0);
        });
    }

    void backwardProbabilities(Tensor dContext, Tensor qkv, int heads, Tensor dProbabilities) {
        AttentionIndex index = new AttentionIndex(qkv, heads, dContext.shape().columns());
        int length = index.length;
        parallel.run(index.batch * heads, task -> {
            int b = task / heads;
            int h = task % heads;
            gemm.gemm(false, true, length, length, index.size, of(dContext),
                    at(dContext) + index.context(b, h, 0, 0), index.hidden, of(qkv), index.value(b, h, 0, 0),
                    3 * index.hidden, false, of(dProbabilities), at(dProbabilities) + index.probability(b, h, 0, 0),
                    length, Parallel.SERIAL);
        });
    }

    /** 0 for a key that may be attended to, −∞ for one that may not. */
    private static float[] additiveMask(Tensor mask) {
        float[] additive = new float[(int) mask.size()];
        for (int i = 0; i < additive.length; i++) {
            additive[i] = of(mask)[at(mask) + i] != 0 ? 0 : Float.NEGATIVE_INFINITY;
        }
        return additive;
    }

    /** A buffer of each thread, as large as anybody has asked for. */
    private static final class Scratch {
        static final Scratch P = new Scratch();
        static final Scratch D_S = new Scratch();
        static final Scratch SUMS = new Scratch();

        private final ThreadLocal<float[]> buffer = ThreadLocal.withInitial(() -> new float[0]);

        float[] floats(int size) {
            float[] floats = buffer.get();
            if (floats.length < size) {
                floats = new float[size];
                buffer.set(floats);
            }
            return floats;
        }
    }
}
