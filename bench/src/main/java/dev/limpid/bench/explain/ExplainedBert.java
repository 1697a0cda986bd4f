package dev.limpid.bench.explain;

import dev.limpid.attribution.PathEngine;
import dev.limpid.attribution.PathIntegral;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Steps;
import dev.limpid.attribution.Target;
import dev.limpid.attribution.explain.BertPathModel;
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
import java.util.ArrayList;
import java.util.List;

/** Question answering: start and end of an answer from one forward pass, each token of question and context. */
final class ExplainedBert implements ExplainedModel {
    private static final List<String> TARGETS = List.of("start", "end");

    private final BertModel bert;
    private final RandomInput.Pair input;

    private ExplainedBert(BertModel bert, RandomInput.Pair input) {
        this.bert = bert;
        this.input = input;
    }

    /** Random weights, or those of a checkpoint's folder, if that is not null. */
    static ExplainedBert open(Ops ops, ModelShape shape, Path folder) {
        BertConfig config = folder == null ? RandomBert.config(shape.model()) : BertConfig.read(folder);
        try (TensorSource source = folder == null ? shape.weights() : CheckpointFolder.weights(folder)) {
            BertModel bert = BertLoader.load(config, config.architecture(), Weights.of(source), ops).model();
            return new ExplainedBert(bert, folder == null
                    ? RandomInput.pair(shape.tokens(), config.vocabSize())
                    : CheckpointFolder.pair(folder, shape.tokens()));
        }
    }

    @Override
    public int tokens() {
        return input.ids().length;
    }

    @Override
    public List<Explained> explain(Steps steps, RunOptions options) {
        try (Workspace ws = bert.ops().workspace()) {
            // As QuestionAnsweringExplainer does: two tokens are read, each with a start and an end logit.
            PathEngine engine = new PathEngine(new BertPathModel(bert, EmbeddingPoint.AFTER_LAYER_NORM, tokens(),
                    new int[]{input.start(), input.end()}), options);
            List<PathIntegral> integrals = engine.integrate(point(ws, input.baselineIds()), point(ws, input.ids()),
                    steps, List.of(Target.logit(0), Target.logit(3)));
            List<Explained> explained = new ArrayList<>();
            for (int i = 0; i < TARGETS.size(); i++) {
                PathIntegral integral = integrals.get(i);
                explained.add(new Explained(TARGETS.get(i), integral.tokenAttributions(), integral.delta(),
                        integral.score() - integral.baselineScore(), integral.nodes().alphas().length));
            }
            return explained;
        }
    }

    private Tensor point(Workspace ws, int[] ids) {
        return bert.embed(ws, EmbeddingPoint.AFTER_LAYER_NORM, BertBatch.of(ids, input.typeIds())).reshape(ids.length,
                bert.config().hiddenSize());
    }

    @Override
    public double flops(int nodes) {
        BertConfig config = bert.config();
        return nodes * ExplainedModel.flopsPerRow(config.layers(), tokens(), config.hiddenSize(),
                config.intermediateSize(), TARGETS.size());
    }
}
