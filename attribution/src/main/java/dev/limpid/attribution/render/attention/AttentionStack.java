package dev.limpid.attribution.render.attention;

import dev.limpid.attribution.attention.AttentionMaps;
import dev.limpid.attribution.attention.AttentionRollout;
import dev.limpid.attribution.attention.GradientWeightedAttention;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Maps between tokens that a page shows beside each other: layers of heads.
 *
 * @param id a word of its own on the page
 * @param title what a reader chooses it by
 * @param meaning what its numbers are, in a sentence
 * @param heads H, or 1 where heads are fused
 * @param fused whether heads are fused
 * @param layers of each layer (H, T, T), none negative
 * @param shares whether a row's numbers are shares of 1; otherwise lines are drawn relative to the largest number of a layer
 */
public record AttentionStack(String id, String title, String meaning, int heads, boolean fused, List<float[]> layers,
        boolean shares) {
    public AttentionStack {
        layers = List.copyOf(layers);
    }

    /** The probabilities themselves. */
    public static AttentionStack attention(AttentionMaps maps) {
        return new AttentionStack("attention", "Attention",
                "How much of its attention a head gives to a token (right) when it computes another (left): a share, the"
                        + " shares of a row adding up to 1. It says where the model looked, not what made it answer so.",
                maps.heads(), false, maps.probabilities(), true);
    }

    /** Attention rollout after each layer. */
    public static AttentionStack rollout(AttentionMaps maps) {
        return new AttentionStack("rollout", "Rollout",
                "Attention traced down to the input: what share of a token, after this layer, comes from each input"
                        + " token, if heads are averaged and half of a token passes a layer unchanged (Abnar and Zuidema"
                        + " 2020). It is the same whatever the model answers.",
                1, true, AttentionRollout.DEFAULT.layers(maps).stream().map(AttentionStack::floats).toList(), true);
    }

    /**
     * The positive part of attention times its gradient, head by head.
     *
     * @throws IllegalArgumentException if the maps have no gradients
     */
    public static AttentionStack weighted(AttentionMaps maps) {
        return new AttentionStack("weighted", "Attention × gradient",
                "Attention times the slope of the target's score along it, where that is positive: how much the score"
                        + " would fall if this attention went, in the score's unit, to first order.",
                maps.heads(), false, IntStream.range(0, maps.layers())
                        .mapToObj(layer -> GradientWeightedAttention.weighted(maps, layer)).toList(),
                false);
    }

    /**
     * Gradient-weighted attention after each layer, without the identity it begins with.
     *
     * @throws IllegalArgumentException if the maps have no gradients
     */
    public static AttentionStack relevance(AttentionMaps maps) {
        List<float[]> layers = new ArrayList<>();
        for (double[] relevance : GradientWeightedAttention.layers(maps)) {
            float[] values = floats(relevance);
            for (int i = 0; i < maps.length(); i++) {
                values[i * maps.length() + i] -= 1;
            }
            layers.add(values);
        }
        return new AttentionStack("relevance", "Relevance",
                "Attention × gradient, averaged over heads and summed up through the layers: what a token, after this"
                        + " layer, took from each input token that spoke for the target (Chefer et al. 2021), without what"
                        + " it has of itself. It has no unit.",
                1, true, layers, false);
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
