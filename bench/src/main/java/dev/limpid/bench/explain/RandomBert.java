package dev.limpid.bench.explain;

import dev.limpid.bert.BertConfig;
import dev.limpid.bert.BertLoader;
import dev.limpid.bert.BertModel;
import dev.limpid.safetensors.TensorInfo;
import dev.limpid.safetensors.TensorSource;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.Activation;
import dev.limpid.tensor.DType;
import dev.limpid.tensor.Ops;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A BERT for question answering of a published size with random weights: as much work as the published one, the same
 * numbers on every machine.
 */
final class RandomBert implements TensorSource {
    private static final double STANDARD_DEVIATION = 0.04; // twice BERT's own initialisation, so that attention is not flat

    private final Map<String, long[]> shapes = new LinkedHashMap<>();

    private RandomBert(BertConfig config) {
        long c = config.hiddenSize();
        long i = config.intermediateSize();
        shapes.put("bert.embeddings.word_embeddings.weight", new long[]{config.vocabSize(), c});
        shapes.put("bert.embeddings.position_embeddings.weight", new long[]{config.maxPositions(), c});
        shapes.put("bert.embeddings.token_type_embeddings.weight", new long[]{config.typeVocabSize(), c});
        norm("bert.embeddings.LayerNorm", c);
        for (int layer = 0; layer < config.layers(); layer++) {
            String at = "bert.encoder.layer." + layer + ".";
            for (String projection : List.of("query", "key", "value")) {
                linear(at + "attention.self." + projection, c, c);
            }
            linear(at + "attention.output.dense", c, c);
            norm(at + "attention.output.LayerNorm", c);
            linear(at + "intermediate.dense", i, c);
            linear(at + "output.dense", c, i);
            norm(at + "output.LayerNorm", c);
        }
        linear("qa_outputs", 2, c);
    }

    /** The shape of bert-base-uncased. */
    static BertModel base(Ops ops) {
        BertConfig config = new BertConfig("BertForQuestionAnswering", 30522, 768, 12, 12, 3072, 512, 2, 1e-12,
                Activation.GELU,
                0, List.of("LABEL_0", "LABEL_1"), null);
        return BertLoader.load(config, config.architecture(), Weights.of(new RandomBert(config)), ops).model();
    }

    private void linear(String name, long outputs, long inputs) {
        shapes.put(name + ".weight", new long[]{outputs, inputs});
        shapes.put(name + ".bias", new long[]{outputs});
    }

    private void norm(String name, long size) {
        shapes.put(name + ".weight", new long[]{size});
        shapes.put(name + ".bias", new long[]{size});
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
        float centre = name.endsWith("LayerNorm.weight") ? 1 : 0;
        float[] values = new float[Math.toIntExact(info(name).elements())];
        for (int i = 0; i < values.length; i++) {
            // A sum of three uniform numbers: close to normal, and much faster to draw.
            double sum = random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
            values[i] = centre + (float) (2 * STANDARD_DEVIATION * sum);
        }
        return values;
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
