package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.LayerIntegratedGradients;
import dev.limpid.attribution.LayerIntegratedGradients.Layer;
import dev.limpid.attribution.LayeredModel;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Target;
import dev.limpid.bert.BertBatch;
import dev.limpid.bert.BertModel;
import dev.limpid.bert.EmbeddingPoint;
import dev.limpid.safetensors.Checkpoint;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import dev.limpid.vit.ViTConfig;
import dev.limpid.vit.ViTLoader;
import dev.limpid.vit.ViTModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Integrated gradients of every layer, in double precision, against the formula with gradients by central differences. */
class LayerIntegratedGradientsTest {
    private static final double STEP = 1e-5;
    private static final Target TARGET = Target.logit(1);

    private final Ops ops = Device.open("reference", DeviceOptions.DEFAULT);

    @AfterEach
    void close() {
        ops.close();
    }

    private BertModel bert() {
        return Limpid.load(Path.of("../bert/src/test/resources/golden/sequence-2"),
                LoadOptions.DEFAULT.withDevice("reference")).bert();
    }

    private ViTModel vit() {
        Path directory = Path.of("../vit/src/test/resources/golden/deit-distilled");
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            return ViTLoader.load(ViTConfig.read(directory), Weights.of(checkpoint), ops).model();
        }
    }

    private static double[] embedded(BertModel bert, int... ids) {
        try (Workspace ws = bert.ops().workspace()) {
            return bert.ops().download(
                    bert.embed(ws, EmbeddingPoint.AFTER_LAYER_NORM, BertBatch.of(ids, new int[ids.length])));
        }
    }

    /** A_t of one layer by its formula: F of the layers after it is asked, nothing else. */
    private static double[] byFormula(LayeredModel model, int layer, double[] from, double[] to, int tokens) {
        Quadrature.Nodes nodes = Quadrature.GAUSS_LEGENDRE.nodes(3);
        double[] attributions = new double[tokens];
        for (int k = 0; k < 3; k++) {
            double[] point = new double[to.length];
            for (int i = 0; i < point.length; i++) {
                point[i] = from[i] + nodes.alphas()[k] * (to[i] - from[i]);
            }
            for (int i = 0; i < point.length; i++) {
                double centre = point[i];
                point[i] = centre + STEP;
                double above = f(model, layer, point, tokens);
                point[i] = centre - STEP;
                double below = f(model, layer, point, tokens);
                point[i] = centre;
                attributions[i / (to.length / tokens)] += nodes.weights()[k] * (to[i] - from[i]) * (above - below)
                        / (2 * STEP);
            }
        }
        return attributions;
    }

    private static double f(LayeredModel model, int layer, double[] point, int tokens) {
        Ops ops = model.after(layer).ops();
        try (Workspace ws = ops.workspace()) {
            Tensor x = ws.tensor(1, tokens, point.length / tokens);
            ops.upload(point, x);
            double[] logits = ops.download(model.after(layer).forward(ws, x).logits());
            return TARGET.evaluate(logits, new double[logits.length]);
        }
    }

    private static void matchesItsFormula(LayeredModel model, double[] input, double[] baseline) {
        List<Layer> actual = new LayerIntegratedGradients(Quadrature.GAUSS_LEGENDRE, 3)
                .attribute(model, input, baseline, List.of(TARGET), RunOptions.DEFAULT).getFirst();
        assertThat(actual).hasSize(model.layers() + 1);
        Ops ops = model.after(-1).ops();
        try (Workspace ws = ops.workspace()) {
            List<Tensor> to = model.states(ws, input);
            List<Tensor> from = model.states(ws, baseline);
            for (int i = 0; i < actual.size(); i++) {
                assertThat(actual.get(i).layer()).isEqualTo(i - 1);
                assertThat(actual.get(i).tokens()).as("layer %s", i - 1).containsExactly(byFormula(model, i - 1,
                        ops.download(from.get(i)), ops.download(to.get(i)), to.get(i).shape().dim(0)), within(1e-7));
            }
        }
    }

    @Test
    void everyLayerOfABertMatchesItsFormula() {
        BertModel bert = bert();
        matchesItsFormula(new BertLayers(bert, 4), embedded(bert, 2, 7, 9, 3), embedded(bert, 2, 0, 0, 3));
        bert.ops().close();
    }

    @Test
    void everyLayerOfAVisionTransformerMatchesItsFormula() {
        ViTModel vit = vit();
        double[] pixels = new Random(3).doubles(new PixelSpace(vit).shape().size(), -1, 1).toArray();
        matchesItsFormula(new ViTLayers(vit), pixels, new double[pixels.length]);
    }

    @Test
    void everyLayerSumsToTheSameChange() {
        ViTModel vit = vit();
        double[] pixels = new Random(4).doubles(new PixelSpace(vit).shape().size(), -1, 1).toArray();
        double[] baseline = new double[pixels.length];
        List<Target> both = List.of(Target.logit(0), Target.difference(2, 4));
        List<List<Layer>> maps = new LayerIntegratedGradients(Quadrature.GAUSS_LEGENDRE, 100)
                .attribute(new ViTLayers(vit), pixels, baseline, both, RunOptions.DEFAULT);
        var whole = new IntegratedGradients(Quadrature.GAUSS_LEGENDRE, 100)
                .attribute(new PixelSpace(vit), pixels, baseline, both, RunOptions.DEFAULT);
        for (int t = 0; t < both.size(); t++) {
            double change = whole.get(t).score() - whole.get(t).baselineScore();
            for (Layer layer : maps.get(t)) {
                double sum = Arrays.stream(layer.tokens()).sum();
                assertThat(layer.delta()).as("layer %s", layer.layer()).isCloseTo(sum - change, within(1e-12));
                assertThat(Math.abs(layer.delta())).isLessThan(1e-4 * Math.abs(change));
            }
            // Before the first layer the special tokens are those of the baseline, and the patches carry all.
            assertThat(maps.get(t).getFirst().tokens()[0]).isZero();
        }
    }
}
