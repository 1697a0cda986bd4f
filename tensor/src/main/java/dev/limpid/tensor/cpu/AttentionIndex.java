package dev.limpid.tensor.cpu;

import dev.limpid.tensor.Tensor;

/** Where the heads of self-attention lie in {@code qkv} (B, T, 3C), in the probabilities (B, H, T, T) and in the context (B, T, C). */
final class AttentionIndex {
    final int batch; // B
    final int length; // T
    final int hidden; // C
    final int heads; // H
    final int size; // D
    final double scale; // 1/√D
    private final int offset;

    AttentionIndex(Tensor qkv, int heads, int hidden) {
        this.batch = qkv.shape().dim(0);
        this.length = qkv.shape().dim(1);
        this.hidden = hidden;
        this.heads = heads;
        this.size = hidden / heads;
        this.scale = 1 / Math.sqrt(size);
        this.offset = (int) qkv.offset();
    }

    int query(int b, int h, int t, int d) {
        return offset + (b * length + t) * 3 * hidden + h * size + d;
    }

    int key(int b, int h, int t, int d) {
        return query(b, h, t, d) + hidden;
    }

    int value(int b, int h, int t, int d) {
        return query(b, h, t, d) + 2 * hidden;
    }

    int probability(int b, int h, int t, int s) {
        return ((b * heads + h) * length + t) * length + s;
    }

    /** In the logarithms of sums (B, H, T). */
    int row(int b, int h, int t) {
        return (b * heads + h) * length + t;
    }

    int context(int b, int h, int t, int d) {
        return (b * length + t) * hidden + h * size + d;
    }
}
