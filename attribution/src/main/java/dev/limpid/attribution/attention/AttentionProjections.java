package dev.limpid.attribution.attention;

import java.util.List;

/**
 * The queries and keys behind attention: {@code A = softmax(q·kᵀ/√D)}, before a mask.
 *
 * @param heads H
 * @param length T
 * @param headSize D
 * @param queries of each layer, (H, T, D)
 * @param keys of each layer, (H, T, D)
 */
public record AttentionProjections(int heads, int length, int headSize, List<float[]> queries, List<float[]> keys) {
    /** @throws IllegalArgumentException if queries and keys are not of the same number of layers, or a layer is not of H·T·D numbers */
    public AttentionProjections {
        queries = List.copyOf(queries);
        keys = List.copyOf(keys);
        int size = heads * length * headSize;
        if (queries.size() != keys.size() || queries.stream().anyMatch(q -> q.length != size)
                || keys.stream().anyMatch(k -> k.length != size)) {
            throw new IllegalArgumentException("queries and keys must be there for the same layers, each of " + heads
                    + " heads × " + length + " tokens × " + headSize);
        }
    }
}
