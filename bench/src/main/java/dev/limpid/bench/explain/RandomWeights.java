package dev.limpid.bench.explain;

import dev.limpid.safetensors.TensorInfo;
import dev.limpid.safetensors.TensorSource;
import dev.limpid.tensor.DType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A checkpoint of a published size with random weights: as much work as the published one, the same numbers on every machine. The weights of layer norms are near 1,
 * everything else near 0.
 */
final class RandomWeights implements TensorSource {
    private static final double STANDARD_DEVIATION = 0.02; // the models' own initialisation; with twice as much, rounding to bfloat16 changes an explanation by 6 %

    private final Map<String, long[]> shapes = new LinkedHashMap<>();

    /** Adds a tensor. */
    void tensor(String name, long... shape) {
        shapes.put(name, shape);
    }

    /** Adds weight and bias of a linear layer. */
    void linear(String name, long outputs, long inputs) {
        tensor(name + ".weight", outputs, inputs);
        tensor(name + ".bias", outputs);
    }

    /** Adds weight and bias of a layer norm. */
    void norm(String name, long size) {
        tensor(name + ".weight", size);
        tensor(name + ".bias", size);
    }

    @Override
    public List<String> names() {
        return List.copyOf(shapes.keySet());
    }

    @Override
    public boolean has(String name) {
        return shapes.containsKey(name);
    }

    @Override
    public TensorInfo info(String name) {
        long[] shape = shapes.get(name);
        long elements = 1;
        for (long dim : shape) {
            elements *= dim;
        }
        return new TensorInfo(name, DType.F32, shape, 0, elements * DType.F32.bytes());
    }

    @Override
    public float[] floats(String name) {
        SplittableRandom random = new SplittableRandom(name.hashCode());
        float centre = isScale(name) ? 1 : 0;
        float[] values = new float[Math.toIntExact(info(name).elements())];
        for (int i = 0; i < values.length; i++) {
            // A sum of three uniform numbers: close to normal, and much faster to draw.
            double sum = random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
            values[i] = centre + (float) (2 * STANDARD_DEVIATION * sum);
        }
        return values;
    }

    private static boolean isScale(String name) {
        return name.toLowerCase(Locale.ROOT).contains("layernorm") && name.endsWith(".weight");
    }

    @Override
    public Path fileOf(String name) {
        return Path.of("random weights");
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
