package dev.limpid.bert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpid.safetensors.Checkpoint;
import dev.limpid.safetensors.SafetensorsFile;
import dev.limpid.safetensors.TensorInfo;
import dev.limpid.safetensors.TensorSource;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A tiny checkpoint with what PyTorch computed from it in double precision: activations of every layer, logits, and gradients of a few targets. Written
 * by {@code reference/}; {@code golden.json} beside each says what every tensor is.
 */
final class Golden implements AutoCloseable {
    /** All committed checkpoints. */
    static final List<String> NAMES = List.of("qa", "sequence-1", "sequence-2", "sequence-5", "token", "masked-lm");

    private final SafetensorsFile tensors;
    private final JsonNode about;
    private final Path directory;
    private final BertBatch batch;

    Golden(String name) {
        directory = Path.of(System.getProperty("limpid.root", ".."), "bert/src/test/resources/golden", name);
        tensors = SafetensorsFile.open(directory.resolve("golden.safetensors"));
        try {
            about = new ObjectMapper().readTree(Files.readAllBytes(directory.resolve("golden.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long[] shape = tensors.info("ids").shape();
        int[] positions = new int[(int) (shape[0] * shape[1])];
        Arrays.setAll(positions, i -> i % (int) shape[1]);
        batch = new BertBatch((int) shape[0], (int) shape[1], ints("ids"), ints("typeIds"), positions,
                ints("attentionMask"));
    }

    Path directory() {
        return directory;
    }

    BertConfig config() {
        return BertConfig.read(directory);
    }

    BertBatch batch() {
        return batch;
    }

    private int[] ints(String name) {
        return Arrays.stream(tensors.longs(name)).mapToInt(Math::toIntExact).toArray();
    }

    /** A tensor of doubles, without rounding. */
    double[] doubles(String name) {
        ValueLayout.OfDouble layout = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        return tensors.segment(name).toArray(layout);
    }

    /** The names of the checkpoint's tensors. */
    List<String> weightNames() {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            return checkpoint.names();
        }
    }

    /**
     * Runs a model that may differ from the checkpoint's and lists where it departs from PyTorch.
     *
     * @param tolerance largest difference allowed, relative to the largest number of a tensor or to 1
     * @return what is wrong, one sentence each; empty when all is right
     */
    List<String> departures(Ops ops, BertConfig config, Function<TensorSource, TensorSource> change, double tolerance) {
        try (Checkpoint checkpoint = Checkpoint.open(directory); Workspace ws = ops.workspace()) {
            BertModel model = BertLoader
                    .load(config, config.architecture(), Weights.of(change.apply(checkpoint)), ops).model();
            Comparison comparison = new Comparison(ops, tolerance);
            for (EmbeddingPoint point : EmbeddingPoint.values()) {
                String at = point == EmbeddingPoint.AFTER_LAYER_NORM ? "embeddings" : "embeddings.sum";
                ws.reset();
                Tensor x = model.embed(ws, point, batch);
                comparison.states(at, x);
                BertModel.Pass pass = model.forwardFrom(ws, point, x, model.mask(ws, batch),
                        (hidden, layer) -> comparison.states("layer." + layer, hidden));
                for (int layer = 0; layer < config.layers(); layer++) {
                    comparison.keys(layer, pass.projections(layer));
                }
                comparison.logits(pass.logits(), model.head());
                for (Map.Entry<String, JsonNode> target : about.path("targets").properties()) {
                    Tensor dLogits = dLogits(ws, pass.logits(), target.getValue().path("indexByRow"));
                    String grad = "f64.grad." + target.getKey() + ".";
                    Tensor dX = model.backwardTo(ws, dLogits, pass,
                            (dHidden, layer) -> comparison.all(grad + "layer." + layer, dHidden));
                    comparison.all(grad + at, dX);
                }
                shortened(ws, model, point, at, comparison);
            }
            return comparison.departures;
        }
    }

    /** The pass that nobody observes, whose last layer computes only what the head reads. */
    private void shortened(Workspace ws, BertModel model, EmbeddingPoint point, String at, Comparison comparison) {
        ws.reset();
        Tensor x = model.embed(ws, point, batch);
        BertModel.Pass pass = model.forwardFrom(ws, point, x, model.mask(ws, batch));
        comparison.logits(pass.logits(), model.head());
        for (Map.Entry<String, JsonNode> target : about.path("targets").properties()) {
            Tensor dLogits = dLogits(ws, pass.logits(), target.getValue().path("indexByRow"));
            comparison.all("f64.grad." + target.getKey() + "." + at, model.backwardTo(ws, dLogits, pass));
        }
    }

    /** 1 at the target's logit of each row, 0 elsewhere. */
    private static Tensor dLogits(Workspace ws, Tensor logits, JsonNode indexByRow) {
        int[] dims = new int[logits.shape().rank()];
        Arrays.setAll(dims, logits.shape()::dim);
        double[] values = new double[Math.toIntExact(logits.size())];
        for (int row = 0; row < indexByRow.size(); row++) {
            int index = row;
            for (int i = 0; i < indexByRow.get(row).size(); i++) {
                index = index * dims[i + 1] + indexByRow.get(row).get(i).asInt();
            }
            values[index] = 1;
        }
        Tensor dLogits = ws.tensor(dims);
        ws.ops().upload(values, dLogits);
        return dLogits;
    }

    /** Gathers the departures of one run. */
    private final class Comparison {
        final List<String> departures = new ArrayList<>();
        private final Ops ops;
        private final double tolerance;

        Comparison(Ops ops, double tolerance) {
            this.ops = ops;
            this.tolerance = tolerance;
        }

        /** (B, T, C) activations, at tokens only: what padding holds is nobody's business. */
        void states(String name, Tensor actual) {
            compare("f64." + name, doubles("f64." + name), ops.download(actual), true);
        }

        void logits(Tensor actual, TaskHead head) {
            compare("f64.logits", doubles("f64.logits"), ops.download(actual),
                    !(head instanceof SequenceClassificationHead));
        }

        void keys(int layer, Tensor qkv) {
            int hidden = qkv.shape().dim(2) / 3;
            double[] all = ops.download(qkv);
            double[] keys = new double[all.length / 3];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = all[i / hidden * 3 * hidden + hidden + i % hidden];
            }
            compare("f64.layer." + layer + ".key", doubles("f64.layer." + layer + ".key"), keys, true);
        }

        void all(String name, Tensor actual) {
            compare(name, doubles(name), ops.download(actual), false);
        }

        private void compare(String name, double[] expected, double[] actual, boolean tokensOnly) {
            if (expected.length != actual.length) {
                departures.add(name + " has " + actual.length + " numbers, not " + expected.length);
                return;
            }
            int perToken = expected.length / batch.attentionMask().length;
            double largest = 1;
            for (int i = 0; i < expected.length; i++) {
                if (!tokensOnly || batch.attentionMask()[i / perToken] == 1) {
                    largest = Math.max(largest, Math.abs(expected[i]));
                }
            }
            for (int i = 0; i < expected.length; i++) {
                boolean counts = !tokensOnly || batch.attentionMask()[i / perToken] == 1;
                if (counts && !(Math.abs(actual[i] - expected[i]) <= tolerance * largest)) {
                    departures.add(name + "[" + i + "] is " + actual[i] + ", not " + expected[i]);
                    return;
                }
            }
        }
    }

    /** A checkpoint in which one tensor is {@code factor} times what it was. */
    static TensorSource scaled(TensorSource source, String scaledName, float factor) {
        return new TensorSource() {
            @Override
            public List<String> names() {
                return source.names();
            }

            @Override
            public boolean has(String name) {
                return source.has(name);
            }

            @Override
            public TensorInfo info(String name) {
                return source.info(name);
            }

            @Override
            public float[] floats(String name) {
                float[] values = source.floats(name);
                if (name.equals(scaledName)) {
                    for (int i = 0; i < values.length; i++) {
                        values[i] *= factor;
                    }
                }
                return values;
            }

            @Override
            public Path fileOf(String name) {
                return source.fileOf(name);
            }

            @Override
            public void close() {
                source.close();
            }
        };
    }

    @Override
    public void close() {
        tensors.close();
    }
}
