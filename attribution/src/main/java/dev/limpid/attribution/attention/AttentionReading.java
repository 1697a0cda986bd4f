package dev.limpid.attribution.attention;

import dev.limpid.attribution.Target;
import dev.limpid.bert.BertBatch;
import dev.limpid.bert.BertModel;
import dev.limpid.bert.EmbeddingPoint;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import dev.limpid.vit.ViTModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ObjIntConsumer;

/**
 * What one input's forward pass, and its backward pass for a target, show of attention.
 *
 * @param maps probabilities, with gradients if there was a target
 * @param projections queries and keys
 * @param logits of the row, flattened
 */
public record AttentionReading(AttentionMaps maps, AttentionProjections projections, double[] logits) {
    /** Carries a gradient of the logits back, showing the gradient of each layer's probabilities. */
    @FunctionalInterface
    private interface Backward {
        void run(Tensor dLogits, ObjIntConsumer<Tensor> observer);
    }

    /**
     * Reads a BERT model.
     *
     * @param batch of one row
     * @param target whose gradient is wanted, or null for none
     * @throws IllegalArgumentException if the batch has not one row
     */
    public static AttentionReading of(BertModel model, BertBatch batch, Target target) {
        requireOneRow(batch.batch());
        try (Workspace ws = model.ops().workspace()) {
            Tensor x = model.embed(ws, EmbeddingPoint.AFTER_LAYER_NORM, batch);
            return of(model, ws, model.forwardFrom(ws, EmbeddingPoint.AFTER_LAYER_NORM, x, model.mask(ws, batch)),
                    target);
        }
    }

    /**
     * Reads a BERT model behind its embeddings.
     *
     * @param embeddings (1, T, C) at the point, of a text without padding
     * @param target whose gradient is wanted, or null for none
     * @throws IllegalArgumentException if there is not one text
     */
    public static AttentionReading of(BertModel model, Workspace ws, EmbeddingPoint point, Tensor embeddings,
            Target target) {
        requireOneRow(embeddings.shape().dim(0));
        return of(model, ws, model.forwardFrom(ws, point, embeddings, null), target);
    }

    private static AttentionReading of(BertModel model, Workspace ws, BertModel.Pass pass, Target target) {
        return read(ws, model.config().layers(), 1, pass.logits(), target, layer -> model.attention(ws, pass, layer),
                pass::projections,
                (dLogits, observer) -> model.attentionGradients(ws, dLogits, pass, observer));
    }

    /**
     * Reads a vision transformer.
     *
     * @param pixels (1, K, H, W), normalised as the model's processor does
     * @param target whose gradient is wanted, or null for none
     * @throws IllegalArgumentException if there is not one image
     */
    public static AttentionReading of(ViTModel model, Workspace ws, Tensor pixels, Target target) {
        return ofPatches(model, ws, model.patches(ws, pixels), target);
    }

    /**
     * Reads a vision transformer behind its projection of patches.
     *
     * @param patches (1, P, C)
     * @param target whose gradient is wanted, or null for none
     * @throws IllegalArgumentException if there is not one image
     */
    public static AttentionReading ofPatches(ViTModel model, Workspace ws, Tensor patches, Target target) {
        requireOneRow(patches.shape().dim(0));
        ViTModel.Pass pass = model.forwardFrom(ws, patches);
        int readers = model.config().architecture().equals("DeiTForImageClassificationWithTeacher") ? 2 : 1;
        return read(ws, model.config().layers(), readers, pass.logits(), target,
                layer -> model.attention(ws, pass, layer), pass::projections,
                (dLogits, observer) -> model.attentionGradients(ws, dLogits, pass, observer));
    }

    private static void requireOneRow(int rows) {
        if (rows != 1) {
            throw new IllegalArgumentException("attention is read of one input at a time, not of " + rows);
        }
    }

    private static AttentionReading read(Workspace ws, int layers, int readers, Tensor logits, Target target,
            IntFunction<Tensor> attention, IntFunction<Tensor> projections, Backward backward) {
        List<float[]> probabilities = new ArrayList<>();
        List<float[]> queries = new ArrayList<>();
        List<float[]> keys = new ArrayList<>();
        int length = projections.apply(0).shape().dim(1);
        int hidden = projections.apply(0).shape().dim(2) / 3;
        int heads = 0;
        for (int layer = 0; layer < layers; layer++) {
            Tensor ofLayer = attention.apply(layer);
            heads = ofLayer.shape().dim(1);
            probabilities.add(floats(ws.ops().download(ofLayer)));
            ws.release(ofLayer);
            double[] qkv = ws.ops().download(projections.apply(layer));
            queries.add(heads(qkv, 0, heads, length, hidden));
            keys.add(heads(qkv, hidden, heads, length, hidden));
        }
        double[] values = ws.ops().download(logits);
        for (double value : values) {
            requireFinite(value);
        }
        List<float[]> gradients = target == null
                ? List.of()
                : gradients(ws, layers, logits, values, target, backward);
        return new AttentionReading(new AttentionMaps(heads, length, probabilities, gradients, readers),
                new AttentionProjections(heads, length, hidden / heads, queries, keys), values);
    }

    private static List<float[]> gradients(Workspace ws, int layers, Tensor logits, double[] values, Target target,
            Backward backward) {
        double[] dValues = new double[values.length];
        requireFinite(target.evaluate(values, dValues));
        int[] dims = new int[logits.shape().rank()];
        Arrays.setAll(dims, logits.shape()::dim);
        Tensor dLogits = ws.tensor(dims);
        ws.ops().upload(dValues, dLogits);
        float[][] gradients = new float[layers][];
        backward.run(dLogits, (dA, layer) -> gradients[layer] = floats(ws.ops().download(dA)));
        return List.of(gradients);
    }

    private static void requireFinite(double value) {
        if (!Double.isFinite(value)) {
            throw new ArithmeticException("the model computes " + value
                    + " for this input, so it cannot be explained; the weights may be damaged or overflow in 32-bit floating point");
        }
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** (T, 3C), of which C columns from {@code from} on, to (H, T, D). */
    private static float[] heads(double[] qkv, int from, int heads, int length, int hidden) {
        int size = hidden / heads;
        float[] values = new float[length * hidden];
        for (int h = 0; h < heads; h++) {
            for (int t = 0; t < length; t++) {
                for (int d = 0; d < size; d++) {
                    values[(h * length + t) * size + d] = (float) qkv[t * 3 * hidden + from + h * size + d];
                }
            }
        }
        return values;
    }
}
