package dev.limpid.attribution.explain;

import dev.limpid.attribution.PackedModel;
import dev.limpid.attribution.PathModel;
import dev.limpid.bert.BertModel;
import dev.limpid.bert.EmbeddingPoint;
import dev.limpid.bert.Packing;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.List;

/**
 * A BERT model as the path engine sees it when it explains texts of several lengths at once, without padding.
 *
 * @param bert the network
 * @param point where the paths run
 * @param texts a row of each path: its length, and the tokens whose logits are computed
 */
public record PackedBert(BertModel bert, EmbeddingPoint point, List<Packing.Group> texts) implements PackedModel {
    public PackedBert {
        texts = List.copyOf(texts);
    }

    @Override
    public Ops ops() {
        return bert.ops();
    }

    @Override
    public int logitsPerRow(int path) {
        return bert.head().logitsPerRow(texts.get(path).wanted());
    }

    @Override
    public long bytesPerRow(int path) {
        return bert.bytesPerRow(texts.get(path));
    }

    @Override
    public PathModel.Pass forward(Workspace ws, Tensor points, List<Rows> rows) {
        Packing packing = new Packing(rows.stream().map(some -> {
            Packing.Group text = texts.get(some.path());
            return new Packing.Group(some.count(), text.length(), text.tokens());
        }).toList());
        BertModel.Pass pass = bert.forwardPacked(ws, point, points, packing);
        return new BertPass(bert, pass);
    }
}
