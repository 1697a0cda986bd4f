package dev.limpid.attribution.metric;

import dev.limpid.attribution.FeatureGroups;
import dev.limpid.attribution.FeatureSpace;
import dev.limpid.attribution.Probe;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Target;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Whether the features that an explanation calls important are those the network needs: F while they are taken away, or while they alone are left.
 *
 * <p>Features go in groups: the patches of an image, the tokens of a text ({@link FeatureGroups}). A group's attribution is the sum of its features', and groups
 * rank from the largest sum to the smallest, equal ones as they are given. Taken away means set to the baseline; features in no group, such as special tokens,
 * stay as they are. F may be any target; the papers take the probability of the class ({@link Target#probability}). Forward passes only, whose number each
 * measure tells.
 *
 * @param space the features and the network
 * @param input x
 * @param baseline x0
 * @param groups indices of the features of each group, G groups
 * @param options how much a pass may take
 */
public record Faithfulness(FeatureSpace space, double[] input, double[] baseline, int[][] groups, RunOptions options) {
    /** The shares of features at which ERASER looks. */
    private static final double[] ERASER = {0.01, 0.05, 0.1, 0.2, 0.5};

    public Faithfulness {
        if (groups.length == 0) {
            throw new IllegalArgumentException("faithfulness needs at least one group of features");
        }
    }

    /**
     * F while the groups are taken from the input, most important first (Petsiuk et al. 2018, arXiv 1806.07421): a small area under the curve means that the
     * explanation found what F needs.
     *
     * @param steps points of the curve after the first, at most G; point k is where {@code round(k·G/steps)} groups are gone. {@code steps + 1} passes
     */
    public Curve deletion(Target target, double[] attribution, int steps) {
        return curve(target, attribution, steps, false);
    }

    /** {@link #deletion}, one group at a time. */
    public Curve deletion(Target target, double[] attribution) {
        return deletion(target, attribution, groups.length);
    }

    /**
     * F while the groups are put into the baseline, most important first (the same paper): a large area under the curve means that the explanation found what
     * suffices for F.
     *
     * @param steps as for {@link #deletion}
     */
    public Curve insertion(Target target, double[] attribution, int steps) {
        return curve(target, attribution, steps, true);
    }

    /** {@link #insertion}, one group at a time. */
    public Curve insertion(Target target, double[] attribution) {
        return insertion(target, attribution, groups.length);
    }

    /**
     * What F loses without the most important features (DeYoung et al. 2019, arXiv 1911.03429): the average of {@code F(x) − F(x without the first ⌈q·G⌉ groups)}
     * over shares q; larger is better. A pass for each share, and one more.
     *
     * @param fractions the shares, each above 0 and at most 1; 1, 5, 10, 20 and 50 % if there are none, whose average the paper calls AOPC
     */
    public double comprehensiveness(Target target, double[] attribution, double... fractions) {
        return loss(target, attribution, fractions, false);
    }

    /**
     * What F loses when nothing but the most important features is left (the same paper): the average of {@code F(x) − F(the first ⌈q·G⌉ groups of x alone)};
     * smaller is better.
     *
     * @param fractions as for {@link #comprehensiveness}
     */
    public double sufficiency(Target target, double[] attribution, double... fractions) {
        return loss(target, attribution, fractions, true);
    }

    private Curve curve(Target target, double[] attribution, int steps, boolean keep) {
        if (steps < 1 || steps > groups.length) {
            throw new IllegalArgumentException(
                    "a curve over " + groups.length + " groups has from 1 to so many steps, not " + steps);
        }
        int[] counts = new int[steps + 1];
        double[] fractions = new double[steps + 1];
        for (int k = 0; k <= steps; k++) {
            counts[k] = Math.toIntExact(Math.round((double) k * groups.length / steps));
            fractions[k] = (double) counts[k] / groups.length;
        }
        return new Curve(fractions, scores(target, attribution, counts, keep));
    }

    private double loss(Target target, double[] attribution, double[] fractions, boolean keep) {
        double[] shares = fractions.length == 0 ? ERASER : fractions;
        int[] counts = new int[shares.length + 1];
        counts[0] = keep ? groups.length : 0; // x itself
        for (int k = 0; k < shares.length; k++) {
            if (!(shares[k] > 0 && shares[k] <= 1)) {
                throw new IllegalArgumentException(
                        "a share of the features is above 0 and at most 1, not " + shares[k]);
            }
            double exact = shares[k] * groups.length;
            counts[k + 1] = (int) Math.max(1, Math.ceil(exact - 1e-9)); // 0.07·100 is a little more than 7
        }
        double[] scores = scores(target, attribution, counts, keep);
        return scores[0] - Arrays.stream(scores).skip(1).average().orElseThrow();
    }

    /** F with the first {@code counts[k]} groups in the order of the attribution taken away, or with only them kept. */
    private double[] scores(Target target, double[] attribution, int[] counts, boolean keep) {
        if (attribution.length != input.length) {
            throw new IllegalArgumentException(
                    "attributions of " + input.length + " features are needed, not " + attribution.length);
        }
        int[] order = order(FeatureGroups.sums(groups, attribution));
        return new Probe(space, List.of(target), options, counts.length).scores(counts.length, k -> {
            double[] features = input.clone();
            for (int rank = 0; rank < order.length; rank++) {
                if (rank < counts[k] != keep) {
                    for (int i : groups[order[rank]]) {
                        features[i] = baseline[i];
                    }
                }
            }
            return features;
        })[0];
    }

    private static int[] order(double[] sums) {
        return IntStream.range(0, sums.length).boxed()
                .sorted(Comparator.comparingDouble((Integer g) -> sums[g]).reversed())
                .mapToInt(Integer::intValue).toArray();
    }
}
