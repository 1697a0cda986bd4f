package dev.limpid.attribution.render;

import dev.limpid.attribution.attention.AttentionMaps;
import dev.limpid.attribution.explain.AttentionExplanation;
import dev.limpid.safetensors.SafetensorsWriter;
import dev.limpid.tensor.DType;
import java.util.List;

/**
 * What every head attended to as a safetensors file.
 *
 * <p>It holds {@code attention}, (L,H,T,T) in F32: layers, heads, the token that attends, the token attended to; the last axis sums to 1. With a target also
 * {@code gradient}, of the same shape: the slope of the target's logit along each of these numbers. The metadata are {@code model} and, with a target, {@code target}.
 */
public final class AttentionMapFile {
    private AttentionMapFile() {}

    /** The file. */
    public static byte[] of(AttentionExplanation explanation) {
        AttentionMaps maps = explanation.maps();
        SafetensorsWriter writer = new SafetensorsWriter();
        writer.metadata("model", VisibleText.wellFormed(explanation.model()));
        add(writer, "attention", maps, maps.probabilities());
        if (maps.hasGradients()) {
            writer.metadata("target", VisibleText.wellFormed(explanation.target()));
            add(writer, "gradient", maps, maps.gradients());
        }
        return writer.bytes();
    }

    private static void add(SafetensorsWriter writer, String name, AttentionMaps maps, List<float[]> layers) {
        int size = layers.getFirst().length;
        float[] all = new float[Math.multiplyExact(layers.size(), size)];
        for (int layer = 0; layer < layers.size(); layer++) {
            System.arraycopy(layers.get(layer), 0, all, layer * size, size);
        }
        writer.floats(name, DType.F32, all, maps.layers(), maps.heads(), maps.length(), maps.length());
    }
}
