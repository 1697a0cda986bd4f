package dev.limpid.bench.quadrature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpid.bench.quadrature.Measured.Miss;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Counting the nodes that a rule needs, and drawing them. */
class MeasuredTest {
    private static Measured measured() {
        Map<Rule, SortedMap<Integer, Miss>> rules = new EnumMap<>(Rule.class);
        for (Rule rule : Rule.values()) {
            SortedMap<Integer, Miss> misses = new TreeMap<>();
            for (int n : rule.counts()) {
                misses.put(n, new Miss(n, 1.0 / (n * n), n == 20 ? 0.5 : 0.1 / n));
            }
            rules.put(rule, misses);
        }
        Map<Double, Miss> tolerances = new HashMap<>();
        Measured.TOLERANCES.forEach(tolerance -> tolerances.put(tolerance, new Miss(17, 0.01, 0.01)));
        return new Measured("model", rules, tolerances);
    }

    @Test
    void nodesThatAreNeededAreThoseFromWhichOnNoneMisses() {
        Measured measured = measured();
        assertThat(measured.needed(Rule.GAUSS_LEGENDRE, 0.01, false)).isEqualTo(10);
        assertThat(measured.needed(Rule.GAUSS_LEGENDRE, 0.01, true)).as("20 nodes happen to miss").isEqualTo(24);
        assertThat(measured.needed(Rule.CLENSHAW_CURTIS, 0.01, false)).isEqualTo(17);
        assertThat(measured.needed(Rule.GAUSS_KRONROD, 1e-9, false)).isEqualTo(Integer.MAX_VALUE);
        assertThat(measured.equallyGood(Rule.GAUSS_LEGENDRE, 0.01)).isEqualTo(10);
        assertThat(measured.equallyGood(Rule.GAUSS_KRONROD, 0.01)).isEqualTo(15);
    }

    @Test
    void thePlotHasALineForEachRuleAndAPointForEachTolerance() {
        String svg = ErrorPlot.svg(List.of(measured(), measured()));
        assertThat(svg).startsWith("<svg ").endsWith("</svg>\n").contains("median of 2 targets");
        assertThat(svg.split("<polyline", -1)).hasSize(2 * Rule.values().length + 1);
        assertThat(svg.split("<circle", -1)).hasSize(Measured.TOLERANCES.size() + 1);
        // 2 nodes of Gauss and Legendre miss by 1/4: at the left edge, between 1 and 10⁻¹.
        assertThat(svg).contains("points=\"70.0,96.1 ");
    }
}
