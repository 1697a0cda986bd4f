package dev.limpid.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArrayPoolTest {
    private final ArrayPool pool = new ArrayPool(4 * 100);

    @Test
    void anArrayComesBackToWhoAsksForItsLength() {
        float[] a = pool.take(30);
        pool.give(a);
        assertThat(pool.take(31)).hasSize(31);
        assertThat(pool.take(14)).as("more than twice as long").hasSize(14);
        assertThat(pool.take(30)).isSameAs(a);
        assertThat(pool.take(30)).as("nobody shares an array").isNotSameAs(a);
    }

    @Test
    void theShortestThatFitsIsTaken() {
        float[] longer = new float[30];
        float[] shorter = new float[25];
        pool.give(longer);
        pool.give(shorter);
        assertThat(pool.take(20)).isSameAs(shorter);
        assertThat(pool.take(20)).isSameAs(longer);
        assertThat(pool.take(20)).hasSize(20);
    }

    @Test
    void beyondTheLimitTheLongestUnusedGoes() {
        float[] first = new float[60];
        float[] second = new float[40];
        float[] third = new float[41];
        pool.give(first);
        pool.give(second);
        pool.give(third);
        assertThat(pool.take(60)).isNotSameAs(first);
        assertThat(pool.take(40)).isSameAs(second);
        assertThat(pool.take(41)).isSameAs(third);
    }

    @Test
    void anArrayBeyondTheLimitIsNotKept() {
        float[] large = new float[101];
        pool.give(large);
        assertThat(pool.take(101)).isNotSameAs(large);
    }

    @Test
    void clearedItKeepsNothing() {
        float[] a = new float[10];
        pool.give(a);
        pool.clear();
        assertThat(pool.take(10)).isNotSameAs(a);
    }
}
