package dev.limpid.attribution.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rollout and gradient-weighted attention of random maps against the formulas, element by element. */
class AttentionFormulasTest {
    private static final double EXACT = 1e-13;

    static AttentionMaps random(int layers, int heads, int length, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<float[]> probabilities = new ArrayList<>();
        List<float[]> gradients = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            float[] p = new float[heads * length * length];
            float[] g = new float[p.length];
            for (int row = 0; row < heads * length; row++) {
                double sum = 0;
                double[] e = new double[length];
                for (int j = 0; j < length; j++) {
                    e[j] = Math.exp(2 * random.nextGaussian());
                    sum += e[j];
                }
                for (int j = 0; j < length; j++) {
                    p[row * length + j] = (float) (e[j] / sum);
                    g[row * length + j] = (float) random.nextGaussian();
                }
            }
            probabilities.add(p);
            gradients.add(g);
        }
        return new AttentionMaps(heads, length, probabilities, gradients);
    }

    @ParameterizedTest(name = "{0} layers, {1} heads, {2} tokens, seed {3}")
    @CsvSource({"1, 1, 1, 1", "1, 3, 4, 2", "3, 2, 5, 3", "4, 5, 7, 4"})
    void rolloutFollowsPathsThroughTheLayers(int layers, int heads, int length, long seed) {
        AttentionMaps maps = random(layers, heads, length, seed);
        List<double[]> rollout = AttentionRollout.DEFAULT.layers(maps);
        for (int layer = 0; layer < layers; layer++) {
            for (int i = 0; i < length; i++) {
                double[] expected = new double[length];
                follow(maps, layer, i, 1, expected);
                assertThat(TokenMatrix.row(rollout.get(layer), i, length)).containsExactly(expected, within(EXACT));
            }
        }
    }

    /** Adds the weight of every path from a token of a layer down to the input: half stays, half goes where the heads' mean looks. */
    private static void follow(AttentionMaps maps, int layer, int token, double weight, double[] input) {
        if (layer < 0) {
            input[token] += weight;
            return;
        }
        double[] mean = new double[maps.length()];
        double sum = 1; // 2 but for rows of single precision, which do not sum to 1 exactly
        for (int j = 0; j < maps.length(); j++) {
            for (int h = 0; h < maps.heads(); h++) {
                mean[j] += maps.probability(layer, h, token, j) / (double) maps.heads();
            }
            sum += mean[j];
        }
        follow(maps, layer - 1, token, weight / sum, input);
        for (int j = 0; j < maps.length(); j++) {
            follow(maps, layer - 1, j, weight * mean[j] / sum, input);
        }
    }

    @ParameterizedTest(name = "{0} layers, {1} heads, {2} tokens, seed {3}")
    @CsvSource({"1, 1, 1, 5", "1, 3, 4, 6", "3, 2, 5, 7", "4, 5, 7, 8"})
    void relevanceIsTheSumOverPaths(int layers, int heads, int length, long seed) {
        AttentionMaps maps = random(layers, heads, length, seed);
        List<double[]> relevance = GradientWeightedAttention.layers(maps);
        for (int layer = 0; layer < layers; layer++) {
            for (int i = 0; i < length; i++) {
                double[] expected = new double[length];
                followWeighted(maps, layer, i, 1, expected);
                assertThat(TokenMatrix.row(relevance.get(layer), i, length)).containsExactly(expected, within(EXACT));
            }
        }
    }

    private static void followWeighted(AttentionMaps maps, int layer, int token, double weight, double[] input) {
        if (layer < 0) {
            input[token] += weight;
            return;
        }
        followWeighted(maps, layer - 1, token, weight, input);
        for (int j = 0; j < maps.length(); j++) {
            double mean = 0;
            for (int h = 0; h < maps.heads(); h++) {
                int at = (h * maps.length() + token) * maps.length() + j;
                double product = (double) maps.probabilities().get(layer)[at] * maps.gradients().get(layer)[at];
                mean += product > 0 ? product / maps.heads() : 0;
            }
            followWeighted(maps, layer - 1, j, weight * mean, input);
        }
    }

    @Test
    void weightedHeadsAreThePositivePartOfTheProduct() {
        AttentionMaps maps = new AttentionMaps(1, 2, List.of(new float[]{0.25f, 0.75f, 0.5f, 0.5f}),
                List.of(new float[]{2, -1, 0, 4}));
        assertThat(GradientWeightedAttention.weighted(maps, 0)).containsExactly(0.5f, 0, 0, 2);
    }

    @Test
    void mapsOfAnotherSizeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AttentionMaps(2, 3, List.of(new float[17]), List.of()))
                .withMessage("probabilities of layer 0 are 17 numbers, not 2 heads × 3 × 3 tokens");
        assertThatIllegalArgumentException().isThrownBy(() -> new AttentionMaps(2, 3, List.of(), List.of()))
                .withMessageContaining("there is a layer");
    }

    @ParameterizedTest(name = "seed {0}")
    @CsvSource({"11", "12"})
    void aClassifierOfTwoTokensHasTheMeanOfTheirScores(long seed) {
        AttentionMaps one = random(2, 3, 5, seed);
        AttentionMaps two = new AttentionMaps(3, 5, one.probabilities(), one.gradients(), 2);
        double[] rollout = AttentionRollout.DEFAULT.ofClassifier(two);
        double[] relevance = GradientWeightedAttention.ofClassifier(two);
        for (int t = 0; t < 5; t++) {
            assertThat(AttentionRollout.DEFAULT.ofClassifier(one)[t])
                    .isCloseTo(AttentionRollout.DEFAULT.scores(one, 0)[t], within(EXACT));
            assertThat(rollout[t]).isCloseTo((AttentionRollout.DEFAULT.scores(one, 0)[t]
                    + AttentionRollout.DEFAULT.scores(one, 1)[t]) / 2, within(EXACT));
            double own = t < 2 ? 1 : 0;
            assertThat(relevance[t]).isCloseTo((GradientWeightedAttention.scores(one, 0)[t]
                    + GradientWeightedAttention.scores(one, 1)[t] - own) / 2, within(EXACT));
        }
        assertThatIllegalArgumentException().isThrownBy(
                () -> new AttentionMaps(3, 5, one.probabilities(), one.gradients(), 6)).withMessageContaining("6 of 5");
    }
}
