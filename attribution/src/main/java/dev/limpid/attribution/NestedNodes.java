package dev.limpid.attribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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

    /** Rules of no more than {@code most} nodes of their own. */
    static NestedNodes upTo(int most, Quadrature quadrature) {
        List<Double> alphas = new ArrayList<>();
        List<double[]> rules = new ArrayList<>();
        for (int intervals = 1; intervals < most; intervals *= 2) {
            Quadrature.Nodes rule = quadrature.nodes(intervals + 1);
            int[] numbers = Arrays.stream(rule.alphas()).mapToInt(alpha -> number(alphas, alpha)).toArray();
            double[] weights = new double[alphas.size()];
            for (int k = 0; k < numbers.length; k++) {
                weights[numbers[k]] = rule.weights()[k];
            }
            rules.add(weights);
        }
        return new NestedNodes(alphas.stream().mapToDouble(Double::doubleValue).toArray(),
                rules.toArray(double[][]::new));
    }

    /** The number of a node, its next one if it is new. */
    private static int number(List<Double> alphas, double alpha) {
        for (int number = 0; number < alphas.size(); number++) {
            if (Math.abs(alphas.get(number) - alpha) < SAME) {
                return number;
            }
        }
        alphas.add(alpha);
        return alphas.size() - 1;
    }

    int rules() {
        return weights.length;
    }

    /** Number of nodes of a rule and of those before it. */
    int count(int rule) {
        return weights[rule].length;
    }
}
