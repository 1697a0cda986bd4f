package dev.limpid.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ParallelTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void callsTheBodyOnceWithEachIndex(int threads) {
        try (Parallel parallel = new Parallel(threads)) {
            assertThat(parallel.threads()).isEqualTo(threads);
            for (int tasks : new int[]{0, 1, 2, 7, 1000}) {
                AtomicIntegerArray calls = new AtomicIntegerArray(tasks);
                parallel.run(tasks, calls::incrementAndGet);
                for (int i = 0; i < tasks; i++) {
                    assertThat(calls.get(i)).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void twoTasksRunAtTheSameTime() {
        try (Parallel parallel = new Parallel(2)) {
            CountDownLatch both = new CountDownLatch(2);
            parallel.run(2, task -> {
                both.countDown();
                assertThat(await(both)).isTrue();
            });
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void wakesWorkersThatHaveGoneToSleep() throws InterruptedException {
        try (Parallel parallel = new Parallel(2)) {
            for (int round = 0; round < 20; round++) {
                Thread.sleep(2);
                CountDownLatch both = new CountDownLatch(2);
                parallel.run(2, task -> {
                    both.countDown();
                    assertThat(await(both)).isTrue();
                });
            }
        }
    }

    @Test
    void aRegionInsideABodyStaysOnItsThread() {
        try (Parallel parallel = new Parallel(4); Parallel other = new Parallel(2)) {
            int[] strangers = new int[64];
            parallel.run(64, task -> {
                Thread outer = Thread.currentThread();
                parallel.run(8, inner -> strangers[task] += Thread.currentThread().equals(outer) ? 0 : 1);
                other.run(8, inner -> strangers[task] += Thread.currentThread().equals(outer) ? 0 : 1);
            });
            assertThat(strangers).containsOnly(0);
        }
    }

    @Test
    void manyCallersShareTheWorkers() throws Exception {
        try (Parallel parallel = new Parallel(3); var callers = Executors.newFixedThreadPool(6)) {
            Callable<Long> caller = () -> {
                long total = 0;
                for (int round = 0; round < 2000; round++) {
                    long[] squares = new long[17];
                    parallel.run(17, i -> squares[i] = (long) i * i);
                    total += Arrays.stream(squares).sum();
                }
                return total;
            };
            for (Future<Long> result : callers.invokeAll(List.of(caller, caller, caller, caller, caller, caller))) {
                assertThat(result.get()).isEqualTo(2000L * 1496);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void anExceptionReachesTheCallerAndThePoolLivesOn(int threads) {
        try (Parallel parallel = new Parallel(threads)) {
            for (int round = 0; round < 50; round++) {
                assertThatThrownBy(() -> parallel.run(20, task -> {
                    throw new IllegalStateException("task");
                })).isInstanceOf(IllegalStateException.class).hasMessage("task");
                assertThatThrownBy(() -> parallel.run(20, task -> {
                    throw new AssertionError("error");
                })).isInstanceOf(AssertionError.class).hasMessage("error");
            }
            AtomicIntegerArray calls = new AtomicIntegerArray(100);
            parallel.run(100, calls::incrementAndGet);
            assertThat(calls.get(99)).isEqualTo(1);
        }
    }

    @Test
    void exceptionsOfOtherThreadsAreSuppressed() {
        try (Parallel parallel = new Parallel(2)) {
            CountDownLatch both = new CountDownLatch(2);
            assertThatThrownBy(() -> parallel.run(2, task -> {
                both.countDown();
                assertThat(await(both)).isTrue();
                throw new IllegalStateException("task " + task);
            })).satisfies(thrown -> {
                assertThat(thrown.getSuppressed()).hasSize(1);
                assertThat(List.of(thrown.getMessage(), thrown.getSuppressed()[0].getMessage()))
                        .containsExactlyInAnyOrder("task 0", "task 1");
            });
        }
    }

    @Test
    void anInterruptOutlivesTheRegion() {
        try (Parallel parallel = new Parallel(2)) {
            Thread.currentThread().interrupt();
            AtomicIntegerArray calls = new AtomicIntegerArray(50);
            parallel.run(50, calls::incrementAndGet);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(calls.get(49)).isEqualTo(1);
        }
    }

    @Test
    void closeStopsTheWorkersAndRunRefuses() throws InterruptedException {
        Parallel parallel = new Parallel(3);
        Thread[] seen = new Thread[64];
        parallel.run(64, task -> seen[task] = Thread.currentThread());
        parallel.close();
        parallel.close();
        for (Thread thread : seen) {
            if (!thread.equals(Thread.currentThread())) {
                assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
            }
        }
        assertThatThrownBy(() -> parallel.run(1, task -> {})).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void theSerialOneCannotBeClosed() {
        Parallel.SERIAL.close();
        int[] calls = new int[3];
        Parallel.SERIAL.run(3, task -> calls[task]++);
        assertThat(calls).containsOnly(1);
    }

    @Test
    void refusesFewerThanOneThread() {
        assertThatThrownBy(() -> {
            try (Parallel parallel = new Parallel(0)) {
                parallel.run(1, task -> {});
            }
        }).isInstanceOf(IllegalArgumentException.class).hasMessage("threads must be at least 1, found 0");
    }
}
