package dev.limpid.attribution;

import java.util.ArrayList;
import java.util.List;

/**
 * Clenshaw–Curtis rules of 2, 3, 5, 9 … nodes, each of which holds all nodes of those before it.
 *
 * <p>Nodes are numbered in the order in which they are needed: first both ends, then what each finer rule adds, ascending.
 *
 * @param alphas α by number
 * @param weights for each rule the weight of each of its nodes, by number
 */
record NestedNodes(double[] alphas, double[][] weights) {
    /** Rules of no more than {@code most} nodes. */
    static NestedNodes upTo(int most) {
        List<double[]> rules = new ArrayList<>();
        double[] alphas = {};
        for (int intervals = 1; intervals < most; intervals *= 2) {
            Quadrature.Nodes rule = Quadrature.CLENSHAW_CURTIS.nodes(intervals + 1);
            double[] weights = new double[intervals + 1];
            alphas = new double[intervals + 1];
            for (int node = 0; node <= intervals; node++) {
                int place = place(node, intervals);
                alphas[node] = rule.alphas()[place];
                weights[node] = rule.weights()[place];
            }
            rules.add(weights);
        }
        return new NestedNodes(alphas, rules.toArray(double[][]::new));
    }

    /** Where in a rule of so many intervals a node is, counted along the path. */
    private static int place(int node, int intervals) {
        if (node < 2) {
            return node * intervals;
        }
        int coarsest = 2 * Integer.highestOneBit(node - 1); // intervals of the first rule that has it
        return (2 * node - coarsest - 1) * (intervals / coarsest);
    }

    int rules() {
        return weights.length;
    }

    /** Number of nodes of a rule. */
    int count(int rule) {
        return weights[rule].length;
    }
}
