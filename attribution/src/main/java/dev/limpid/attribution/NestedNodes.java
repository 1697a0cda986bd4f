package dev.limpid.attribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * One quadrature with 2, 3, 5, 9 … nodes, each rule by the nodes of those before it and by its own.
 *
 * <p>Nodes are numbered in the order in which they are needed: first both ends, then what each finer rule adds, ascending.
 *
 * @param alphas α by number
 * @param weights for each rule the weight of each node that it or one before it has, by number: 0 for a node that is not its own
 */
record NestedNodes(double[] alphas, double[][] weights) {
    private static final double SAME = 1e-12;

    /** Those rules that take no more than {@code most} nodes, with those before them. */
    static NestedNodes upTo(int most, Quadrature quadrature) {
        TreeMap<Double, Integer> numbers = new TreeMap<>(); // of nodes, by α
        List<double[]> rules = new ArrayList<>();
        double[] alphas = {};
        for (int intervals = 1; intervals < most; intervals *= 2) {
            Quadrature.Nodes rule = quadrature.nodes(intervals + 1);
            double[] places = Arrays.stream(rule.alphas()).map(alpha -> numbered(numbers, alpha)).toArray();
            if (numbers.size() > most) {
                break;
            }
            double[] weights = new double[numbers.size()];
            for (int k = 0; k < places.length; k++) {
                weights[numbers.get(places[k])] = rule.weights()[k];
            }
            rules.add(weights);
            double[] byNumber = new double[numbers.size()];
            numbers.forEach((alpha, number) -> byNumber[number] = alpha);
            alphas = byNumber;
        }
        return new NestedNodes(alphas, rules.toArray(double[][]::new));
    }

    /** The node of a rule before that is this one, or else this one, with the next number. */
    private static double numbered(TreeMap<Double, Integer> numbers, double alpha) {
        Double next = numbers.ceilingKey(alpha - SAME);
        if (next != null && next < alpha + SAME) {
            return next;
        }
        numbers.put(alpha, numbers.size());
        return alpha;
    }

    int rules() {
        return weights.length;
    }

    /** Number of nodes of a rule and of those before it. */
    int count(int rule) {
        return weights[rule].length;
    }
}
