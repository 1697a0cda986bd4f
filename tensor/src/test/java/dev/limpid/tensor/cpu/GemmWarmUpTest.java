package dev.limpid.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GemmWarmUpTest {

    @Test
    void answersByTheFirstKernelUntilTheOtherIsCompiledAndByTheSameBits() throws InterruptedException {
        GemmCase product = new GemmCase(false, true, 70, 90, 300, true, 3);
        float[] expected = product.run(new PlainGemm(), Parallel.SERIAL);
        CountDownLatch gate = new CountDownLatch(1);
        GemmWarmUp warmUp = new GemmWarmUp(() -> "late", new PlainGemm(), () -> {
            awaitQuietly(gate);
            return new VectorGemm();
        });
        assertThat(warmUp.name()).isEqualTo("late");
        assertThat(product.run(warmUp, Parallel.SERIAL)).isEqualTo(expected);
        gate.countDown();
        assertThat(warmUp.settled()).isInstanceOf(VectorGemm.class);
        assertThat(product.run(warmUp, Parallel.SERIAL)).isEqualTo(expected);
    }

    private static void awaitQuietly(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
