package dev.limpid.bench.jmh;

import dev.limpid.tensor.cpu.CpuKernels;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One thread's matrix products of a MiniLM layer (128 tokens): a square one, the two of the feed-forward, one head. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsPrepend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class GemmJmh {
    /** The kernel. */
    @Param({"vector", "plain"})
    public String kernel;

    /** Rows, depth and columns. */
    @Param({"128x384x384", "128x384x1536", "128x1536x384", "128x32x128"})
    public String shape;

    private int m;
    private int k;
    private int n;
    private float[] a;
    private float[] b;
    private float[] c;
    private CpuKernels.Product product;
    private CpuKernels.Threads threads;

    /** Makes the operands and checks one product in double precision. */
    @Setup
    public void setUp() {
        String[] sizes = shape.split("x", -1);
        m = Integer.parseInt(sizes[0]);
        k = Integer.parseInt(sizes[1]);
        n = Integer.parseInt(sizes[2]);
        a = gaussian(m * k, 1);
        b = gaussian(k * n, 2);
        c = new float[m * n];
        product = kernel.equals("plain") ? CpuKernels.plain() : CpuKernels.vector();
        threads = new CpuKernels.Threads(1);
        multiply();
        for (int at = 0; at < c.length; at++) {
            double exact = 0;
            for (int p = 0; p < k; p++) {
                exact += (double) a[at / n * k + p] * b[at % n * k + p];
            }
            if (!(Math.abs(c[at] - exact) <= 1e-6 * k)) {
                throw new IllegalStateException(kernel + " computes " + shape + " wrong");
            }
        }
    }

    private static float[] gaussian(int size, long seed) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** C = A·Bᵀ, the product of a linear layer's forward. */
    @Benchmark
    public float[] multiply() {
        product.multiply(false, true, m, n, k, a, 0, b, 0, c, 0, threads);
        return c;
    }
}
