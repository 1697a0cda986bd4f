package dev.limpid.bench.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpid.bench.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {
    @Test
    void aRoundCountsWhenBothPeaksReachNinetyPercentOfTheBest() {
        List<Rounds.Round> rounds = List.of(round(100, 10), round(95, 30), round(89, 1000), round(91, 20));
        assertThat(Rounds.counting(rounds, 100)).extracting(Rounds.Round::peak).containsExactly(100.0, 95.0, 91.0);
        assertThat(Rounds.median(rounds, 0, 100)).isEqualTo(20);
        assertThat(Rounds.median(rounds, 0, 105)).isEqualTo(20);
        assertThat(Rounds.median(rounds, 0, 200)).isNaN();
    }

    @Test
    void theOrderTurnsAndNoMoreRoundsAreDoneThanAllowed() {
        List<String> order = new ArrayList<>();
        try (FmaPeak peak = new FmaPeak(Clock.CPU, 1)) {
            Rounds rounds = new Rounds(peak, List.of(() -> seconds("a", 1, order), () -> seconds("b", 3, order)));
            rounds.measure(100, 3);
            assertThat(order).containsExactly("a", "b", "b", "a", "a", "b");
            assertThat(rounds.counted() + rounds.discarded()).isEqualTo(3);
            assertThat(rounds.counted()).isPositive();
            assertThat(rounds.median(1)).isEqualTo(3);
            assertThat(rounds.ratio(1, 0)).isEqualTo(3);
        }
    }

    private static double seconds(String name, double seconds, List<String> order) {
        order.add(name);
        return seconds;
    }

    private static Rounds.Round round(double peak, double seconds) {
        return new Rounds.Round(peak, new double[]{seconds});
    }
}
