package dev.limpid.attribution.explain;

import dev.limpid.attribution.PathModel;
import dev.limpid.bert.BertModel;
import dev.limpid.bert.EmbeddingPoint;
import dev.limpid.bert.Packing;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.List;

/**
 * A BERT model as the path engine sees it: from one of its embedding points to its logits, for rows of one length without padding. With it the engine explains
 * any target of any head.
 *
 * @param bert the network
 * @param point where the path runs
 * @param length T
 * @param tokens those whose logits are computed, of a head with logits for every token; null for all
 */
public record BertPathModel(BertModel bert, EmbeddingPoint point, int length, int[] tokens) implements PathModel {
    /** With the logits of all tokens. */
    public BertPathModel(BertModel bert, EmbeddingPoint point, int length) {
        this(bert, point, length, null);
    }

    private Packing.Group rows(int count) {
        return new Packing.Group(count, length, tokens);
    }

    @Override
    public Ops ops() {
        return bert.ops();
    }

    @Override
    public int logitsPerRow() {
        return bert.head().logitsPerRow(rows(1).wanted());
    }

    @Override
    public long bytesPerRow() {
        return bert.bytesPerRow(rows(1));
    }

    @Override
    public Pass forward(Workspace ws, Tensor points) {
        BertModel.Pass pass = bert.forwardPacked(ws, point, points, new Packing(List.of(rows(points.shape().dim(0)))));
        return new BertPass(bert, pass);
    }
}
