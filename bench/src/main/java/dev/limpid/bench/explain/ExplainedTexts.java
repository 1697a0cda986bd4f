package dev.limpid.bench.explain;

import dev.limpid.attribution.PathEngine;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Target;
import dev.limpid.attribution.StraightPath;
import dev.limpid.attribution.explain.PackedBert;
import dev.limpid.bench.explain.RandomInput.Pair;
import dev.limpid.bert.BertBatch;
import dev.limpid.bert.BertConfig;
import dev.limpid.bert.BertLoader;
import dev.limpid.bert.BertModel;
import dev.limpid.bert.EmbeddingPoint;
import dev.limpid.bert.Packing;
import dev.limpid.safetensors.TensorSource;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The starts of answers in many texts of different length. */
public final class ExplainedTexts {
    private static final int TOGETHER = 32;

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

    /** The attribution of each token of each text to its start logit, by Gauss–Legendre, as many texts at once as the device has room for. */
    public List<double[]> explain(List<Pair> texts, int nodes) {
        return explain(texts, nodes, RunOptions.DEFAULT);
    }

    /** The same in passes of so many tokens. */
    public List<double[]> explainInChunks(List<Pair> texts, int nodes, int tokens) {
        return explain(texts, nodes, new RunOptions(0, tokens * bert.bytesPerRow(1), RunOptions.DEFAULT.progress()));
    }

    private List<double[]> explain(List<Pair> texts, int nodes, RunOptions options) {
        List<double[]> attributions = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += TOGETHER) {
            attributions.addAll(
                    explainTogether(texts.subList(from, Math.min(texts.size(), from + TOGETHER)), nodes, options));
        }
        return attributions;
    }

    private List<double[]> explainTogether(List<Pair> texts, int nodes, RunOptions options) {
        try (Workspace ws = bert.ops().workspace()) {
            List<Packing.Group> rows = texts.stream()
                    .map(text -> new Packing.Group(1, text.ids().length, new int[]{text.start()})).toList();
            List<StraightPath> paths = texts.stream().map(text -> new StraightPath(point(ws, text.baselineIds(), text),
                    point(ws, text.ids(), text), List.of(Target.logit(0)))).toList();
            return new PathEngine(new PackedBert(bert, EmbeddingPoint.AFTER_LAYER_NORM, rows), options)
                    .integrate(paths, Quadrature.GAUSS_LEGENDRE.nodes(nodes)).stream()
                    .map(integrals -> integrals.getFirst().tokenAttributions()).toList();
        }
    }

    private Tensor point(Workspace ws, int[] ids, Pair text) {
        return bert.embed(ws, EmbeddingPoint.AFTER_LAYER_NORM, BertBatch.of(ids, text.typeIds())).reshape(ids.length,
                bert.config().hiddenSize());
    }
}
