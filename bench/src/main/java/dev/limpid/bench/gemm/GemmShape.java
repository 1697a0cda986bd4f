package dev.limpid.bench.gemm;

import java.util.List;

/**
 * A product C(m,n) = op(A)·op(B), done {@code batch} times over operands that follow each other in memory.
 *
 * @param transA A is stored (k,m)
 * @param transB B is stored (n,k)
 */
record GemmShape(int m, int k, int n, boolean transA, boolean transB, int batch) {
    /** Linear layers of BERT-large (2400 tokens), ViT-base (788) and BERT-base (384), forward and backward. */
    static final List<GemmShape> BERT = List.of(nn(2400, 1024, 4096), nt(2400, 1024, 4096), nn(2400, 4096, 1024),
            nt(2400, 4096, 1024), nn(2400, 1024, 1024), nt(2400, 1024, 1024), nn(788, 768, 3072), nt(788, 768, 3072),
            nn(384, 768, 768), nt(384, 768, 768));

    /** One layer's attention: 16 heads of 64, from 48 to 384 tokens, and MiniLM's heads of 32. */
    static final List<GemmShape> ATTENTION = List.of(heads(48, 64, 48, false, true), heads(48, 48, 64, false, false),
            heads(128, 64, 128, false, true), heads(128, 128, 64, false, false), heads(128, 128, 64, true, false),
            heads(197, 64, 197, false, true), heads(197, 197, 64, false, false), heads(384, 64, 384, false, true),
            heads(384, 384, 64, false, false), heads(384, 384, 64, true, false), heads(128, 32, 128, false, true),
            heads(128, 128, 32, false, false));

    private static GemmShape nn(int m, int k, int n) {
        return new GemmShape(m, k, n, false, false, 1);
    }

    private static GemmShape nt(int m, int k, int n) {
        return new GemmShape(m, k, n, false, true, 1);
    }

    private static GemmShape heads(int m, int k, int n, boolean transA, boolean transB) {
        return new GemmShape(m, k, n, transA, transB, 16);
    }

    double flops() {
        return 2.0 * m * k * n * batch;
    }

    @Override
    public String toString() {
        return (batch == 1 ? "" : batch + " of ") + m + "x" + k + "x" + n + (transA ? " T" : " N")
                + (transB ? "T" : "N");
    }
}
