package dev.limpid.bench.quadrature;

import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.Steps;
import dev.limpid.bench.quadrature.StudiedPath.Found;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One target of one path: how far each rule and each tolerance is from the reference.
 *
 * @param model what the table calls the model
 * @param rules by rule and number of nodes
 * @param tolerances by tolerance
 */
record Measured(String model, Map<Rule, SortedMap<Integer, Miss>> rules, Map<Double, Miss> tolerances) {
    static final int REFERENCE = 1000;
    static final List<Double> TOLERANCES = List.of(0.1, 0.03, 0.01, 0.003, 0.001);

    /**
     * How far an integral is from the reference.
     *
     * @param nodes that it took
     * @param error of the attributions, relative to the largest
     * @param incompleteness |delta|, relative to the change of F
     */
    record Miss(int nodes, double error, double incompleteness) {
        boolean within(double wanted) {
            return error <= wanted && incompleteness <= wanted;
        }
    }

    /** All targets of a path. */
    static List<Measured> of(StudiedPath path) {
        List<Found> reference = path.by(Quadrature.GAUSS_LEGENDRE.nodes(REFERENCE));
        List<Measured> measured = new ArrayList<>();
        reference.forEach(
                one -> measured.add(new Measured(one.model(), new EnumMap<>(Rule.class), new LinkedHashMap<>())));
        for (Rule rule : Rule.values()) {
            measured.forEach(one -> one.rules.put(rule, new TreeMap<>()));
            for (int n : rule.counts()) {
                List<Found> found = path.by(rule.nodes(n));
                for (int t = 0; t < found.size(); t++) {
                    measured.get(t).rules.get(rule).put(n, miss(found.get(t), reference.get(t)));
                }
            }
        }
        Steps.Auto usual = path.pixels() ? Steps.AUTO_IMAGE : Steps.AUTO;
        for (double tolerance : TOLERANCES) {
            List<Found> found = path.by(new Steps.Auto(tolerance, usual.most(), usual.quadrature()));
            for (int t = 0; t < found.size(); t++) {
                measured.get(t).tolerances.put(tolerance, miss(found.get(t), reference.get(t)));
            }
        }
        return measured;
    }

    private static Miss miss(Found found, Found reference) {
        return new Miss(found.nodes(), found.error(reference), found.incompleteness());
    }

    /** Nodes from which on the rule is never further off than {@code wanted}; the largest integer if it always is. */
    int needed(Rule rule, double wanted, boolean complete) {
        int needed = Integer.MAX_VALUE;
        for (Miss miss : rules.get(rule).reversed().values()) {
            if (complete ? miss.incompleteness > wanted : miss.error > wanted) {
                break;
            }
            needed = miss.nodes;
        }
        return needed;
    }

    /** The fewest nodes of a rule that are no further off than a tolerance was. */
    int equallyGood(Rule rule, double tolerance) {
        Miss wanted = tolerances.get(tolerance);
        return rules.get(rule).values().stream()
                .filter(miss -> miss.error <= wanted.error && miss.incompleteness <= wanted.incompleteness)
                .mapToInt(Miss::nodes).findFirst().orElse(Integer.MAX_VALUE);
    }
}
