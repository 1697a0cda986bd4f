package dev.limpid.bench.gemm;

import dev.limpid.tensor.cpu.CpuKernels;

/** An implementation that takes part. */
interface Contender {
    String name();

    /** Does the shape's products, all of the batch. */
    void multiply(Operands operands, float[] c);

    /** Waits until nothing of the last product goes on in the background. */
    default void rest() throws InterruptedException {}

    /** A kernel of ours on the given threads. */
    static Contender of(CpuKernels.Product product, CpuKernels.Threads threads) {
        return new Contender() {
            @Override
            public String name() {
                return product.name();
            }

            @Override
            public void multiply(Operands operands, float[] c) {
                operands.multiply((transA, transB, m, n, k, a, aOffset, b, bOffset, to, cOffset) -> product
                        .multiply(transA, transB, m, n, k, a, aOffset, b, bOffset, to, cOffset, threads), c);
            }
        };
    }

    /** A kernel of ours whose B is packed before anything is timed, as weights are. */
    static Contender packed(CpuKernels.Product product, CpuKernels.Threads threads) {
        return new Contender() {
            private Operands packed;
            private CpuKernels.Weights weights;

            @Override
            public String name() {
                return product.name() + " packed";
            }

            @Override
            public void multiply(Operands operands, float[] c) {
                GemmShape shape = operands.shape;
                if (operands != packed) {
                    weights = product.pack(shape.transB(), shape.n(), shape.k(), operands.b, threads);
                    packed = operands;
                }
                weights.multiply(shape.m(), operands.a, c, threads);
            }
        };
    }
}
