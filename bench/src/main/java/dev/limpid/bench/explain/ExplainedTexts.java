package dev.limpid.bench.explain;

import dev.limpid.attribution.PathEngine;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Target;
import dev.limpid.attribution.explain.BertPathModel;
import dev.limpid.bench.explain.RandomInput.Pair;
import dev.limpid.bert.BertBatch;
import dev.limpid.bert.BertConfig;
import dev.limpid.bert.BertLoader;
import dev.limpid.bert.BertModel;
import dev.limpid.bert.EmbeddingPoint;
import dev.limpid.safetensors.TensorSource;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.nio.file.Path;
import java.util.List;

/** The starts of answers in many texts of different length. */
public final class ExplainedTexts {
    private final BertModel bert;

    private ExplainedTexts(BertModel bert) {
        this.bert = bert;
    }

    /** The weights of a checkpoint's folder. */
    public static ExplainedTexts open(Ops ops, Path folder) {
        BertConfig config = BertConfig.read(folder);
        try (TensorSource source = CheckpointFolder.weights(folder)) {
            return new ExplainedTexts(
                    BertLoader.load(config, config.architecture(), Weights.of(source), ops).model());
        }
    }

    /** A model of a published size with random weights. */
    public static ExplainedTexts random(Ops ops, String model) {
        BertConfig config = RandomBert.config(model);
        return new ExplainedTexts(BertLoader
                .load(config, config.architecture(), Weights.of(RandomBert.weights(config)), ops).model());
    }

    /** Multiplications and additions of all matrix products of one text's explanation. */
    public double flops(int tokens, int nodes) {
        BertConfig config = bert.config();
        return nodes * ExplainedModel.flopsPerRow(config.layers(), tokens, config.hiddenSize(),
                config.intermediateSize(), 1);
    }

    public int vocabSize() {
        return bert.config().vocabSize();
    }

    /** The longest text it takes. */
    public int maxTokens() {
        return bert.config().maxPositions();
    }

    /** The attribution of each token of each text to its start logit, by Gauss–Legendre. */
    public List<double[]> explain(List<Pair> texts, int nodes) {
        return texts.stream().map(text -> explain(text, nodes)).toList();
    }

    private double[] explain(Pair text, int nodes) {
        int tokens = text.ids().length;
        try (Workspace ws = bert.ops().workspace()) {
            PathEngine engine = new PathEngine(new BertPathModel(bert, EmbeddingPoint.AFTER_LAYER_NORM, tokens),
                    RunOptions.DEFAULT);
            return engine.integrate(point(ws, text.baselineIds(), text), point(ws, text.ids(), text),
                    Quadrature.GAUSS_LEGENDRE.nodes(nodes), List.of(Target.logit(2 * text.start()))).getFirst()
                    .tokenAttributions();
        }
    }

    private Tensor point(Workspace ws, int[] ids, Pair text) {
        return bert.embed(ws, EmbeddingPoint.AFTER_LAYER_NORM, BertBatch.of(ids, text.typeIds())).reshape(ids.length,
                bert.config().hiddenSize());
    }
}
