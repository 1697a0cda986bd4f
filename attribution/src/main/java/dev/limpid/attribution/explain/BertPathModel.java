package dev.limpid.attribution.explain;

import dev.limpid.attribution.PathModel;
import dev.limpid.bert.BertModel;
import dev.limpid.bert.EmbeddingPoint;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;

/**
 * A BERT model as the path engine sees it: from one of its embedding points to its logits, for rows of one length without padding. With it the engine explains
 * any target of any head.
 *
 * @param bert the network
 * @param point where the path runs
 * @param length T
 */
public record BertPathModel(BertModel bert, EmbeddingPoint point, int length) implements PathModel {
    @Override
    public Ops ops() {
        return bert.ops();
    }

    @Override
    public int logitsPerRow() {
        return bert.head().logitsPerRow(length);
    }

    @Override
    public long bytesPerRow() {
        return bert.bytesPerRow(length);
    }

    @Override
    public Pass forward(Workspace ws, Tensor points) {
        BertModel.Pass pass = bert.forwardFrom(ws, point, points, null);
        return Pass.of(pass.logits(), (workspace, dLogits) -> bert.backwardTo(workspace, dLogits, pass));
    }
}
