package dev.limpid.vit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpid.safetensors.Checkpoint;
import dev.limpid.safetensors.SafetensorsFile;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A tiny checkpoint with what PyTorch computed from it in double precision: activations of every layer, logits, and gradients of a few targets down to the pixels.
 * Written by {@code reference/}; {@code golden.json} beside each says what every tensor is.
 */
final class Golden implements AutoCloseable {
    /** All committed checkpoints. */
    static final List<String> NAMES = List.of("vit-plain", "vit-oblong", "vit-grey", "vit-pooler", "vit-remainder",
            "deit", "deit-distilled");

    private final SafetensorsFile tensors;
    private final JsonNode about;
    private final Path directory;

    Golden(String name) {
        directory = Path.of(System.getProperty("limpid.root", ".."), "vit/src/test/resources/golden", name);
        tensors = SafetensorsFile.open(directory.resolve("golden.safetensors"));
        try {
            about = new ObjectMapper().readTree(Files.readAllBytes(directory.resolve("golden.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path directory() {
        return directory;
    }

    ViTConfig config() {
        return ViTConfig.read(directory);
    }

    /** The pixels (B, K, H, W) of the batch. */
    Tensor pixels(Workspace ws) {
        int[] shape = Arrays.stream(tensors.info("pixels").shape()).mapToInt(Math::toIntExact).toArray();
        Tensor pixels = ws.tensor(shape);
        ws.ops().upload(tensors.floats("pixels"), pixels);
        return pixels;
    }

    /** A tensor of doubles, without rounding. */
    private double[] doubles(String name) {
        ValueLayout.OfDouble layout = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        return tensors.segment(name).toArray(layout);
    }

    /**
     * Runs a model that may differ from the golden one and lists where it departs from PyTorch.
     *
     * @param checkpoint the folder of its weights
     * @param tolerance largest difference allowed, relative to the largest number of a tensor or to 1
     * @return what is wrong, one sentence each; empty when all is right
     */
    List<String> departures(Ops ops, ViTConfig config, Path checkpoint, double tolerance) {
        try (Checkpoint source = Checkpoint.open(checkpoint); Workspace ws = ops.workspace()) {
            ViTModel model = ViTLoader.load(config, Weights.of(source), ops).model();
            Comparison comparison = new Comparison(ops, tolerance);
            Tensor patches = model.patches(ws, pixels(ws));
            comparison.compare("f64.patches", patches);
            ViTModel.Pass pass = model.forwardFrom(ws, patches, (hidden, layer) -> comparison
                    .compare("f64." + (layer < 0 ? "embeddings" : "layer." + layer), hidden));
            for (int layer = 0; layer < config.layers(); layer++) {
                comparison.keys(layer, pass.projections(layer));
            }
            comparison.compare("f64.logits", pass.logits());
            for (Map.Entry<String, JsonNode> target : about.path("targets").properties()) {
                Tensor dLogits = dLogits(ws, pass.logits(), target.getValue().path("indexByRow"));
                String grad = "f64.grad." + target.getKey() + ".";
                Tensor dPatches = model.backwardTo(ws, dLogits, pass, (dHidden, layer) -> comparison
                        .compare(grad + (layer < 0 ? "embeddings" : "layer." + layer), dHidden));
                comparison.compare(grad + "patches", dPatches);
                comparison.compare(grad + "pixels", model.pixels(ws, dPatches));
            }
            shortened(ws, model, comparison);
            return comparison.departures;
        }
    }

    /** The pass that nobody observes, whose last layer computes only what the head reads. */
    private void shortened(Workspace ws, ViTModel model, Comparison comparison) {
        ws.reset();
        ViTModel.Pass pass = model.forwardFrom(ws, model.patches(ws, pixels(ws)));
        comparison.compare("f64.logits", pass.logits());
        for (Map.Entry<String, JsonNode> target : about.path("targets").properties()) {
            Tensor dLogits = dLogits(ws, pass.logits(), target.getValue().path("indexByRow"));
            comparison.compare("f64.grad." + target.getKey() + ".patches", model.backwardTo(ws, dLogits, pass));
        }
    }

    /** 1 at the target's logit of each row, 0 elsewhere. */
    private static Tensor dLogits(Workspace ws, Tensor logits, JsonNode indexByRow) {
        int labels = logits.shape().dim(1);
        double[] values = new double[Math.toIntExact(logits.size())];
        for (int row = 0; row < indexByRow.size(); row++) {
            values[row * labels + indexByRow.get(row).get(0).asInt()] = 1;
        }
        Tensor dLogits = ws.tensor(logits.shape().dim(0), labels);
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

        void keys(int layer, Tensor qkv) {
            int hidden = qkv.shape().dim(2) / 3;
            double[] all = ops.download(qkv);
            double[] keys = new double[all.length / 3];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = all[i / hidden * 3 * hidden + hidden + i % hidden];
            }
            compare("f64.layer." + layer + ".key", keys);
        }

        void compare(String name, Tensor actual) {
            compare(name, ops.download(actual));
        }

        private void compare(String name, double[] actual) {
            double[] expected = doubles(name);
            if (expected.length != actual.length) {
                departures.add(name + " has " + actual.length + " numbers, not " + expected.length);
                return;
            }
            double largest = Math.max(1, Arrays.stream(expected).map(Math::abs).max().orElseThrow());
            for (int i = 0; i < expected.length; i++) {
                if (!(Math.abs(actual[i] - expected[i]) <= tolerance * largest)) {
                    departures.add(name + "[" + i + "] is " + actual[i] + ", not " + expected[i]);
                    return;
                }
            }
        }
    }

    @Override
    public void close() {
        tensors.close();
    }
}
