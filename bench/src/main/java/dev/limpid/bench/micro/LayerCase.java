package dev.limpid.bench.micro;

import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * One operation of a layer at one size, with random input from a seed.
 *
 * @param name what it computes
 * @param size the shape it works on
 * @param flops multiplications and additions of its matrix products; 0 where it has none
 * @param bytes that it has to read and write
 * @param inputs how many of the numbers it reads for each that it writes
 * @param on prepares it on a device
 */
record LayerCase(String name, String size, double flops, double bytes, int inputs, Function<Workspace, Prepared> on) {
    private static final double EPSILON = 1e-12;
    private static final int ROWS = 1024;
    private static final int HIDDEN = 768;
    private static final int INTERMEDIATE = 3072;
    private static final int HEADS = 12;

    /** An operation with its input on a device: {@code work} may be done any number of times, and leaves its answer in {@code result}. */
    record Prepared(Runnable work, Tensor result) {}

    /** Those of BERT-base: eight rows of 128 tokens, and attention also over two of 384. */
    static List<LayerCase> bertBase() {
        return List.of(layerNorm(), addLayerNorm(), layerNormBackward(), gelu(), geluBackward(), attention(8, 128),
                attentionBackward(8, 128), attention(2, 384), attentionBackward(2, 384));
    }

    private static LayerCase layerNorm() {
        return elementwise("layer norm", HIDDEN, 1, ws -> {
            Norm norm = new Norm(ws);
            return new Prepared(() -> ws.ops().layerNorm(norm.x, norm.gamma, norm.beta, EPSILON, norm.y, norm.stats),
                    norm.y);
        });
    }

    private static LayerCase addLayerNorm() {
        return new LayerCase("residual + layer norm", ROWS + "x" + HIDDEN, 0, 16.0 * ROWS * HIDDEN, 1, ws -> {
            Norm norm = new Norm(ws);
            Tensor zero = ws.tensor(ROWS, HIDDEN); // so that the sum stays what it is, however often it is computed
            ws.ops().fill(zero, 0);
            return new Prepared(() -> ws.ops().addLayerNorm(zero, norm.x, norm.gamma, norm.beta, EPSILON, norm.y,
                    norm.stats), norm.y);
        });
    }

    private static LayerCase layerNormBackward() {
        return elementwise("layer norm, backward", HIDDEN, 2, ws -> {
            Norm norm = new Norm(ws);
            Ops ops = ws.ops();
            Tensor dY = random(ws, 4, ROWS, HIDDEN);
            ops.layerNorm(norm.x, norm.gamma, norm.beta, EPSILON, norm.y, norm.stats);
            return new Prepared(() -> ops.layerNormBackwardInput(dY, norm.x, norm.gamma, norm.stats, norm.y), norm.y);
        });
    }

    private static LayerCase gelu() {
        return elementwise("GELU", INTERMEDIATE, 1, ws -> {
            Tensor x = random(ws, 1, ROWS, INTERMEDIATE);
            Tensor y = ws.tensor(ROWS, INTERMEDIATE);
            return new Prepared(() -> ws.ops().activation(Activation.GELU, x, y), y);
        });
    }

    private static LayerCase geluBackward() {
        return elementwise("GELU, backward", INTERMEDIATE, 2, ws -> {
            Tensor x = random(ws, 1, ROWS, INTERMEDIATE);
            Tensor dY = random(ws, 2, ROWS, INTERMEDIATE);
            Tensor dX = ws.tensor(ROWS, INTERMEDIATE);
            return new Prepared(
                    () -> ws.ops().activationBackwardInput(Activation.GELU, dY, x, dX), dX);
        });
    }

    private static LayerCase elementwise(String name, int columns, int inputs, Function<Workspace, Prepared> on) {
        return new LayerCase(name, ROWS + "x" + columns, 0, 4.0 * (inputs + 1) * ROWS * columns, inputs, on);
    }

    private static LayerCase attention(int batch, int tokens) {
        double size = (double) batch * tokens * HIDDEN;
        return new LayerCase("attention", batch + " of " + tokens + " tokens", 4 * size * tokens, 16 * size, 3, ws -> {
            Heads heads = new Heads(ws, batch, tokens);
            return new Prepared(
                    () -> ws.ops().attention(heads.qkv, null, HEADS, heads.context, heads.logSumExp), heads.context);
        });
    }

    private static LayerCase attentionBackward(int batch, int tokens) {
        double size = (double) batch * tokens * HIDDEN;
        return new LayerCase("attention, backward", batch + " of " + tokens + " tokens", 8 * size * tokens, 32 * size,
                2, ws -> {
                    Heads heads = new Heads(ws, batch, tokens);
                    Ops ops = ws.ops();
                    Tensor dContext = random(ws, 2, batch, tokens, HIDDEN);
                    Tensor dQkv = ws.tensor(batch, tokens, 3 * HIDDEN);
                    ops.attention(heads.qkv, null, HEADS, heads.context, heads.logSumExp);
                    return new Prepared(() -> ops.attentionBackwardInput(dContext, heads.context, heads.qkv, null,
                            HEADS, heads.logSumExp, dQkv), dQkv);
                });
    }

    /** What a layer norm takes and gives. */
    private static final class Norm {
        final Tensor x;
        final Tensor gamma;
        final Tensor beta;
        final Tensor y;
        final Tensor stats;

        Norm(Workspace ws) {
            x = random(ws, 1, ROWS, HIDDEN);
            gamma = vector(ws, 2);
            beta = vector(ws, 3);
            y = ws.tensor(ROWS, HIDDEN);
            stats = ws.exact(ROWS, 2);
        }

        private static Tensor vector(Workspace ws, int seed) {
            Tensor vector = ws.exact(HIDDEN);
            ws.ops().upload(uniform(HIDDEN, seed), vector);
            return vector;
        }
    }

    /** What attention takes and gives. */
    private static final class Heads {
        final Tensor qkv;
        final Tensor context;
        final Tensor logSumExp;

        Heads(Workspace ws, int batch, int tokens) {
            qkv = random(ws, 1, batch, tokens, 3 * HIDDEN);
            context = ws.tensor(batch, tokens, HIDDEN);
            logSumExp = ws.exact(batch, HEADS, tokens);
        }
    }

    private static Tensor random(Workspace ws, int seed, int... dims) {
        Tensor x = ws.tensor(dims);
        ws.ops().upload(uniform(Math.toIntExact(x.size()), seed), x);
        return x;
    }

    /** Numbers between -2 and 2. */
    private static float[] uniform(int count, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (4 * random.nextDouble() - 2);
        }
        return values;
    }
}
