package dev.limpid.tensor.cpu;

import dev.limpid.tensor.Tensor;
import java.util.Arrays;

/** The specification of self-attention: plain loops in double precision, one row of scores at a time. */
final class ReferenceAttention {
    private ReferenceAttention() {}

    private static double[] of(Tensor x) {
        return ReferenceOps.of(x);
    }

    private static int at(Tensor x) {
        return ReferenceOps.at(x);
    }

    /** Row t of the scores S of one head, {@code q·kᵀ/√D}, −∞ for a key that may not be attended to. */
    private static double[] scores(AttentionIndex at, Tensor qkv, Tensor mask, int b, int h, int t) {
        double[] scores = new double[at.length];
        for (int s = 0; s < at.length; s++) {
            boolean open = mask == null || of(mask)[at(mask) + b * at.length + s] != 0;
            double score = 0;
            for (int d = 0; d < at.size; d++) {
                score += of(qkv)[at.query(b, h, t, d)] * of(qkv)[at.key(b, h, s, d)];
            }
            scores[s] = open ? score * at.scale : Double.NEGATIVE_INFINITY;
        }
        return scores;
    }

    private static double logSumExp(double[] scores) {
        double max = Arrays.stream(scores).max().orElseThrow();
        return max + Math.log(Arrays.stream(scores).map(score -> Math.exp(score - max)).sum());
    }

    private static double[] probabilities(double[] scores, double logSumExp) {
        return Arrays.stream(scores).map(score -> Math.exp(score - logSumExp)).toArray();
    }

    static void forward(Tensor qkv, Tensor mask, int heads, Tensor context, Tensor logSumExp) {
        AttentionIndex at = new AttentionIndex(qkv, heads, context.shape().columns());
        for (int b = 0; b < at.batch; b++) {
            for (int h = 0; h < heads; h++) {
                for (int t = 0; t < at.length; t++) {
                    double[] scores = scores(at, qkv, mask, b, h, t);
                    double sum = logSumExp(scores);
                    of(logSumExp)[at(logSumExp) + at.row(b, h, t)] = sum;
                    double[] p = probabilities(scores, sum);
                    for (int d = 0; d < at.size; d++) {
                        double value = 0;
                        for (int s = 0; s < at.length; s++) {
                            value += p[s] * of(qkv)[at.value(b, h, s, d)];
                        }
                        of(context)[at(context) + at.context(b, h, t, d)] = value;
                    }
                }
            }
        }
    }

    static void backwardInput(Tensor dContext, Tensor qkv, Tensor mask, int heads, Tensor logSumExp,
            Tensor dQkv) {
        AttentionIndex at = new AttentionIndex(qkv, heads, dContext.shape().columns());
        int shift = at(dQkv) - at(qkv);
        double[] g = of(dQkv);
        Arrays.fill(g, at(dQkv), at(dQkv) + (int) dQkv.size(), 0);
        double[] dP = new double[at.length];
        for (int b = 0; b < at.batch; b++) {
            for (int h = 0; h < heads; h++) {
                for (int t = 0; t < at.length; t++) {
                    double[] p = probabilities(scores(at, qkv, mask, b, h, t),
                            of(logSumExp)[at(logSumExp) + at.row(b, h, t)]);
                    double total = 0;
                    for (int s = 0; s < at.length; s++) {
                        dP[s] = 0;
                        for (int d = 0; d < at.size; d++) {
                            double dOut = of(dContext)[at(dContext) + at.context(b, h, t, d)];
                            dP[s] += dOut * of(qkv)[at.value(b, h, s, d)];
                            g[shift + at.value(b, h, s, d)] += dOut * p[s];
                        }
                        total += dP[s] * p[s];
                    }
                    for (int s = 0; s < at.length; s++) {
                        double dS = p[s] * (dP[s] - total) * at.scale;
                        for (int d = 0; d < at.size; d++) {
                            g[shift + at.query(b, h, t, d)] += dS * of(qkv)[at.key(b, h, s, d)];
                            g[shift + at.key(b, h, s, d)] += dS * of(qkv)[at.query(b, h, t, d)];
                        }
                    }
                }
            }
        }
    }

    static void probabilities(Tensor qkv, Tensor mask, int heads, Tensor probabilities) {
        AttentionIndex at = new AttentionIndex(qkv, heads, qkv.shape().columns() / 3);
        for (int b = 0; b < at.batch; b++) {
            for (int h = 0; h < heads; h++) {
                for (int t = 0; t < at.length; t++) {
                    double[] scores = scores(at, qkv, mask, b, h, t);
                    double[] p = probabilities(scores, logSumExp(scores));
                    System.arraycopy(p, 0, of(probabilities), at(probabilities) + at.probability(b, h, t, 0),
                            at.length);
                }
            }
        }
    }

    static void backwardProbabilities(Tensor dContext, Tensor qkv, int heads, Tensor dProbabilities) {
        AttentionIndex at = new AttentionIndex(qkv, heads, dContext.shape().columns());
        for (int b = 0; b < at.batch; b++) {
            for (int h = 0; h < heads; h++) {
                for (int t = 0; t < at.length; t++) {
                    for (int s = 0; s < at.length; s++) {
                        double sum = 0;
                        for (int d = 0; d < at.size; d++) {
                            sum += of(dContext)[at(dContext) + at.context(b, h, t, d)] * of(qkv)[at.value(b, h, s, d)];
                        }
                        of(dProbabilities)[at(dProbabilities) + at.probability(b, h, t, s)] = sum;
                    }
                }
            }
        }
    }
}
