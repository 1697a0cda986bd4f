package dev.limpid.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaunchQueueTest {
    private final FakeStream stream = new FakeStream();

    /** A stream that writes down what it does, and its graphs with it. */
    private static final class FakeStream implements Graphs {
        final List<String> done = new ArrayList<>();
        final List<String> destroyed = new ArrayList<>();
        private List<String> captured;
        boolean refuses;

        Step step(String name, int words) {
            return (values, from) -> (captured == null ? done : captured)
                    .add(name + Arrays.toString(Arrays.copyOfRange(values, from, from + words)));
        }

        @Override
        public Optional<Executable> capture(Runnable sequence) {
            if (refuses) {
                return Optional.empty();
            }
            captured = new ArrayList<>();
            try {
                sequence.run();
                List<String> recorded = captured;
                return Optional.of(new Executable() {
                    @Override
                    public void launch() {
                        done.add("graph");
                        done.addAll(recorded);
                    }

                    @Override
                    public void destroy() {
                        destroyed.add(recorded.getFirst());
                    }
                });
            } finally {
                captured = null;
            }
        }

        List<String> taken() {
            List<String> all = List.copyOf(done);
            done.clear();
            return all;
        }
    }

    private static void run(LaunchQueue queue, Step step, long first) {
        for (long i = 0; i < 5; i++) {
            queue.add(step, new long[]{first, i, 99}, 2);
        }
        queue.flush();
    }

    @Test
    void keepsTheOrderRecordsTheSecondTimeAndReplaysTheThird() {
        LaunchQueue queue = new LaunchQueue(stream, 2);
        Step step = stream.step("a", 2);
        List<String> work = List.of("a[7, 0]", "a[7, 1]", "a[7, 2]", "a[7, 3]", "a[7, 4]");
        List<String> replayed = new ArrayList<>(List.of("graph"));
        replayed.addAll(work);

        run(queue, step, 7);
        assertThat(stream.taken()).isEqualTo(work);
        run(queue, step, 7);
        assertThat(stream.taken()).isEqualTo(replayed);
        run(queue, step, 7);
        assertThat(stream.taken()).isEqualTo(replayed);
        assertThat(queue.replayed()).isEqualTo(2);
    }

    @Test
    void holdsWorkBackUntilItIsFlushed() {
        LaunchQueue queue = new LaunchQueue(stream, 2);
        queue.add(stream.step("a", 1), new long[]{1}, 1);
        assertThat(stream.taken()).isEmpty();
        queue.flush();
        assertThat(stream.taken()).containsExactly("a[1]");
        queue.flush();
        assertThat(stream.taken()).isEmpty();
    }

    @Test
    void anotherPointerOrStepOrOrderIsAnotherGraph() {
        LaunchQueue queue = new LaunchQueue(stream, 8);
        Step a = stream.step("a", 2);
        run(queue, a, 7);
        run(queue, a, 8);
        run(queue, stream.step("b", 2), 7);
        queue.add(a, new long[]{7, 1}, 2);
        for (long i : new long[]{0, 2, 3, 4}) {
            queue.add(a, new long[]{7, i}, 2);
        }
        queue.flush();
        assertThat(stream.taken()).hasSize(20).doesNotContain("graph");
    }

    @Test
    void freesTheGraphLongestUnused() {
        LaunchQueue queue = new LaunchQueue(stream, 2);
        Step step = stream.step("a", 2);
        for (long first : new long[]{1, 1, 2, 2, 1, 3, 3}) {
            run(queue, step, first);
        }
        assertThat(stream.destroyed).containsExactly("a[2, 0]");
        queue.close();
        assertThat(stream.destroyed).containsExactly("a[2, 0]", "a[1, 0]", "a[3, 0]");
        queue.close();
        assertThat(stream.destroyed).hasSize(3);
    }

    @Test
    void cutsLongWorkAtTheSamePlaces() {
        LaunchQueue queue = new LaunchQueue(stream, 8);
        Step step = stream.step("a", 1);
        for (int round = 0; round < 3; round++) {
            for (long i = 0; i < 2 * LaunchQueue.LONGEST + 10; i++) {
                queue.add(step, new long[]{i}, 1);
            }
            queue.flush();
            List<String> done = stream.taken();
            assertThat(done.stream().filter("graph"::equals).count()).isEqualTo(round == 0 ? 0 : 3);
            assertThat(done.stream().filter(line -> !line.equals("graph")).toList())
                    .isEqualTo(java.util.stream.LongStream.range(0, 2 * LaunchQueue.LONGEST + 10)
                            .mapToObj(i -> "a[" + i + "]").toList());
        }
    }

    @Test
    void recordsNothingThatIsShortOrNotWanted() {
        LaunchQueue queue = new LaunchQueue(stream, 8);
        Step step = stream.step("a", 1);
        for (int round = 0; round < 4; round++) {
            for (long i = 1; i < LaunchQueue.SHORTEST; i++) {
                queue.add(step, new long[]{i}, 1);
            }
            queue.flush();
        }
        Step longer = stream.step("b", 2);
        LaunchQueue without = new LaunchQueue(stream, 0);
        for (int round = 0; round < 4; round++) {
            run(without, longer, 1);
        }
        assertThat(stream.taken()).doesNotContain("graph").hasSize(4 * (LaunchQueue.SHORTEST - 1) + 20);
        assertThat(without.isRecording()).isFalse();
    }

    @Test
    void goesOnStepByStepWhereTheStreamCannotRecord() {
        stream.refuses = true;
        Step step = stream.step("a", 2);
        LaunchQueue queue = new LaunchQueue(stream, 8);
        for (int round = 0; round < 4; round++) {
            run(queue, step, 1);
        }
        assertThat(stream.taken()).hasSize(20).doesNotContain("graph");
        assertThat(queue.isRecording()).isFalse();
    }

    @Test
    void leavesNothingBehindAfterAnError() {
        LaunchQueue queue = new LaunchQueue(stream, 8);
        Step good = stream.step("a", 1);
        queue.add(good, new long[]{1}, 1);
        queue.add((_, _) -> {
            throw new IllegalStateException("broken");
        }, new long[0], 0);
        queue.add(good, new long[]{2}, 1);
        assertThatThrownBy(queue::flush).hasMessage("broken");
        assertThat(stream.taken()).containsExactly("a[1]");
        queue.flush();
        assertThat(stream.taken()).isEmpty();
        queue.add(good, new long[]{3}, 1);
        queue.flush();
        assertThat(stream.taken()).containsExactly("a[3]");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void doesWhatAStreamWithoutGraphsDoes(long seed) {
        Random random = new Random(seed);
        LaunchQueue queue = new LaunchQueue(stream, 3);
        List<String> expected = new ArrayList<>();
        Step[] steps = {stream.step("a", 1), stream.step("b", 1), stream.step("c", 1)};
        for (int round = 0; round < 200; round++) {
            int kind = random.nextInt(6);
            for (int i = 0; i < 4 + kind; i++) {
                int which = (kind + i) % 3;
                queue.add(steps[which], new long[]{kind / 2}, 1);
                expected.add("abc".charAt(which) + "[" + kind / 2 + "]");
            }
            queue.flush();
        }
        List<String> done = stream.taken();
        assertThat(done).contains("graph");
        assertThat(done.stream().filter(line -> !line.equals("graph")).toList()).isEqualTo(expected);
    }
}
