package dev.limpid.attribution.explain;

import dev.limpid.attribution.FeatureGroups;
import dev.limpid.attribution.PathModel;
import dev.limpid.attribution.Target;
import dev.limpid.attribution.attention.AttendingSpace;
import dev.limpid.attribution.attention.AttentionReading;
import dev.limpid.tensor.Shape;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import dev.limpid.vit.ViTConfig;
import dev.limpid.vit.ViTModel;
import java.util.Arrays;

/**
 * The normalised pixels (K, H, W) of an image in front of a vision transformer, whose path begins behind the projection of patches.
 *
 * @param vit the network
 */
public record PixelSpace(ViTModel vit) implements AttendingSpace {
    @Override
    public Shape shape() {
        ViTConfig config = vit.config();
        return Shape.of(config.channels(), config.imageHeight(), config.imageWidth());
    }

    @Override
    public Tensor points(Workspace ws, double[]... features) {
        ViTConfig config = vit.config();
        int size = Math.toIntExact(shape().size());
        double[] all = new double[features.length * size];
        for (int n = 0; n < features.length; n++) {
            System.arraycopy(features[n], 0, all, n * size, size);
        }
        Tensor pixels = ws.tensor(features.length, config.channels(), config.imageHeight(), config.imageWidth());
        ws.ops().upload(all, pixels);
        Tensor patches = vit.patches(ws, pixels);
        ws.release(pixels);
        return patches;
    }

    @Override
    public double[][] backward(Workspace ws, Tensor dPoints) {
        Tensor dPixels = vit.pixels(ws, dPoints);
        double[] all = ws.ops().download(dPixels);
        ws.release(dPixels);
        double[][] rows = new double[dPoints.shape().dim(0)][];
        int size = all.length / rows.length;
        for (int n = 0; n < rows.length; n++) {
            rows[n] = Arrays.copyOfRange(all, n * size, (n + 1) * size);
        }
        return rows;
    }

    @Override
    public AttentionReading attention(Workspace ws, double[] features, Target target) {
        return AttentionReading.ofPatches(vit, ws, points(ws, features), target);
    }

    @Override
    public double[] spread(double[] tokens) {
        int[][] patches = FeatureGroups.patches(shape(), vit.config().patchHeight(), vit.config().patchWidth());
        double[] features = new double[Math.toIntExact(shape().size())];
        for (int p = 0; p < patches.length; p++) {
            for (int i : patches[p]) {
                features[i] = tokens[tokens.length - patches.length + p] / patches[p].length;
            }
        }
        return features;
    }

    @Override
    public PathModel model() {
        return new ViTPathModel(vit, vit::forwardFrom);
    }
}
