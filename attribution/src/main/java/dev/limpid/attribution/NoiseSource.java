package dev.limpid.attribution;

import java.util.Arrays;
import java.util.Random;

/** Where noise comes from: numbers for each of several samples, the same whenever asked. */
@FunctionalInterface
public interface NoiseSource {
    /**
     * The noise of one sample.
     *
     * @param sample its index, from 0
     * @param size how many numbers
     */
    double[] noise(int sample, int size);

    /**
     * Standard normal noise, equal for equal seeds on every machine and every JDK: {@link Random#nextGaussian} of the sample's {@link #generator}. Another library
     * draws other noise from the same seed.
     */
    static NoiseSource gaussian(long seed) {
        return (sample, size) -> {
            Random random = generator(seed, sample);
            double[] noise = new double[size];
            Arrays.setAll(noise, _ -> random.nextGaussian());
            return noise;
        };
    }

    /**
     * The random numbers of one sample, which do not depend on those drawn for others.
     *
     * <p>They come from {@link Random}, whose arithmetic the platform's contract fixes (a 48-bit linear congruential generator, and for normal numbers the polar
     * method in {@code StrictMath}), seeded with output number {@code sample} of SplitMix64 (Steele et al. 2014) begun at {@code seed}.
     */
    static Random generator(long seed, int sample) {
        long z = seed + (sample + 1L) * 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return new Random(z ^ (z >>> 31));
    }

    /**
     * Noise that is given, an array for each sample.
     *
     * @throws IllegalArgumentException when asked for a sample, or a size, that was not given
     */
    static NoiseSource given(double[]... noise) {
        double[][] samples = noise.clone();
        return (sample, size) -> {
            if (sample >= samples.length || samples[sample].length != size) {
                throw new IllegalArgumentException("noise sample " + sample + " of " + size + " numbers is needed, but "
                        + (sample >= samples.length
                                ? samples.length + " samples are given"
                                : "it has " + samples[sample].length));
            }
            return samples[sample].clone();
        };
    }
}
