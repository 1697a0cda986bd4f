package dev.limpid.bench.explain;

import dev.limpid.attribution.Attribution;
import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Steps;
import dev.limpid.attribution.Target;
import dev.limpid.attribution.explain.PixelSpace;
import dev.limpid.safetensors.TensorSource;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.Ops;
import dev.limpid.vit.ViTConfig;
import dev.limpid.vit.ViTLoader;
import dev.limpid.vit.ViTModel;
import java.nio.file.Path;
import java.util.List;

/** Image classification: one class, every channel of every pixel, against an image of zeros. */
final class ExplainedViT implements ExplainedModel {
    /** The class that is explained. */
    static final int CLASS = 281;

    private final ViTModel vit;
    private final double[] pixels;

    private ExplainedViT(ViTModel vit, double[] pixels) {
        this.vit = vit;
        this.pixels = pixels;
    }

    /** Random weights, or those of a checkpoint's folder, if that is not null. */
    static ExplainedViT open(Ops ops, ModelShape shape, Path folder) {
        ViTConfig config = folder == null ? RandomViT.config(shape.model()) : ViTConfig.read(folder);
        int count = config.channels() * config.imageHeight() * config.imageWidth();
        float[] floats = folder == null ? RandomInput.pixels(count) : CheckpointFolder.pixels(folder, count);
        double[] pixels = new double[count];
        for (int i = 0; i < count; i++) {
            pixels[i] = floats[i];
        }
        try (TensorSource source = folder == null ? shape.weights() : CheckpointFolder.weights(folder)) {
            return new ExplainedViT(ViTLoader.load(config, Weights.of(source), ops).model(), pixels);
        }
    }

    @Override
    public int tokens() {
        return vit.config().tokens();
    }

    @Override
    public List<Explained> explain(Steps steps, RunOptions options) {
        Attribution found = new IntegratedGradients(steps).attribute(new PixelSpace(vit), pixels,
                new double[pixels.length], List.of(Target.logit(CLASS)), options).getFirst();
        return List.of(new Explained("class", found.values(), found.delta(), found.score() - found.baselineScore(),
                found.steps()));
    }

    @Override
    public double flops(int nodes) {
        ViTConfig config = vit.config();
        return nodes * ExplainedModel.flopsPerRow(config.layers(), config.tokens(), config.hiddenSize(),
                config.intermediateSize(), 1);
    }
}
