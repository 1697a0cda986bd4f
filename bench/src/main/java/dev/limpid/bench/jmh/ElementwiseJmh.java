package dev.limpid.bench.jmh;

import dev.limpid.tensor.cpu.CpuKernels;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One thread's GELU and softmax, in nanoseconds per element of data that stays in the first caches. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsPrepend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ElementwiseJmh {
    private static final int SIZE = 16_384;
    private static final int COLUMNS = 128;
    private static final float SCALE = 0.125f;

    private float[] x;
    private float[] y;
    private float[] dY;
    private float[] logSumExp;

    /** Makes the input and checks the answers: GELU's symmetry and derivative, and that softmax rows sum to 1. */
    @Setup
    public void setUp() {
        Random random = new Random(1);
        x = new float[SIZE];
        dY = new float[SIZE];
        y = new float[SIZE];
        logSumExp = new float[SIZE / COLUMNS];
        for (int i = 0; i < SIZE; i++) {
            x[i] = (float) random.nextGaussian();
            dY[i] = 1f;
        }
        float[] mirrored = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            mirrored[i] = -x[i];
        }
        float[] mirroredY = new float[SIZE];
        float[] dX = new float[SIZE];
        CpuKernels.gelu(x, y);
        CpuKernels.gelu(mirrored, mirroredY);
        CpuKernels.geluBackward(x, dY, dX);
        for (int i = 0; i < SIZE; i++) {
            // x·Φ(x) + x·Φ(-x) = x, and the derivative is Φ(x) + x·φ(x).
            require(Math.abs(y[i] - mirroredY[i] - x[i]) < 1e-5, "gelu");
            double density = Math.exp(-0.5 * x[i] * x[i]) / Math.sqrt(2 * Math.PI);
            require(Math.abs(dX[i] * x[i] - y[i] - x[i] * x[i] * density) < 1e-5, "geluBackward");
        }
        softmax();
        for (int row = 0; row < SIZE; row += COLUMNS) {
            double sum = 0;
            for (int i = 0; i < COLUMNS; i++) {
                sum += y[row + i];
            }
            require(Math.abs(sum - 1) < 1e-5, "softmax");
        }
    }

    private static void require(boolean right, String what) {
        if (!right) {
            throw new IllegalStateException(what + " computes a wrong answer");
        }
    }

    /** y = x·Φ(x). */
    @Benchmark
    @OperationsPerInvocation(SIZE)
    public float[] gelu() {
        CpuKernels.gelu(x, y);
        return y;
    }

    /** dX = dY·(Φ(x) + x·φ(x)). */
    @Benchmark
    @OperationsPerInvocation(SIZE)
    public float[] geluBackward() {
        CpuKernels.geluBackward(x, dY, y);
        return y;
    }

    /** Softmax of rows of 128, a copy of the input included. */
    @Benchmark
    @OperationsPerInvocation(SIZE)
    public float[] softmax() {
        System.arraycopy(x, 0, y, 0, SIZE);
        CpuKernels.softmax(y, COLUMNS, SCALE, logSumExp);
        return y;
    }
}
