package dev.limpid.attribution.metric;

import dev.limpid.attribution.FeatureGroups;
import dev.limpid.attribution.NoiseSource;
import java.util.Random;
import java.util.stream.IntStream;

/** A change of an input, of which several samples are drawn; the same sample is the same whenever asked. */
@FunctionalInterface
public interface Perturbation {
    /**
     * A changed copy of {@code input}.
     *
     * @param sample its index, from 0
     * @param baseline what may stand in for features taken away
     */
    double[] perturb(int sample, double[] input, double[] baseline);

    /** {@code x − σ·z}. */
    static Perturbation gaussian(double stdev, NoiseSource noise) {
        return (sample, input, _) -> {
            double[] perturbed = noise.noise(sample, input.length);
            for (int i = 0; i < perturbed.length; i++) {
                perturbed[i] = input[i] - stdev * perturbed[i];
            }
            return perturbed;
        };
    }

    /**
     * {@code count} of the groups, chosen at random, set to the baseline: patches of an image, a square of it where the groups are
     * {@link FeatureGroups#windows windows} and the count is 1, tokens of a text. Equal seeds choose equal groups on every machine.
     *
     * @throws IllegalArgumentException if there are not so many groups
     */
    static Perturbation groups(int[][] groups, int count, long seed) {
        if (count < 1 || count > groups.length) {
            throw new IllegalArgumentException(
                    "from 1 to " + groups.length + " groups of features can be perturbed, not " + count);
        }
        return (sample, input, baseline) -> {
            Random random = NoiseSource.generator(seed, sample);
            int[] order = IntStream.range(0, groups.length).toArray();
            double[] perturbed = input.clone();
            for (int g = 0; g < count; g++) { // a Fisher–Yates shuffle, as far as it is needed
                int other = g + random.nextInt(groups.length - g);
                for (int i : groups[order[other]]) {
                    perturbed[i] = baseline[i];
                }
                order[other] = order[g];
            }
            return perturbed;
        };
    }

    /**
     * Inputs changed by the caller.
     *
     * @throws IllegalArgumentException when asked for a sample, or a size, that was not given
     */
    static Perturbation given(double[]... perturbed) {
        NoiseSource samples = NoiseSource.given(perturbed);
        return (sample, input, _) -> samples.noise(sample, input.length);
    }
}
