package dev.limpid.attribution.explain;

import dev.limpid.attribution.LayeredModel;
import dev.limpid.attribution.PathModel;
import dev.limpid.bert.BertModel;
import dev.limpid.bert.EmbeddingPoint;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers of a BERT, for texts of one length; its inputs are outputs (T, C) of the embeddings, as of an {@link EmbeddingSpace} after the layer norm.
 *
 * @param bert the network
 * @param length T
 */
public record BertLayers(BertModel bert, int length) implements LayeredModel {
    @Override
    public int layers() {
        return bert.config().layers();
    }

    @Override
    public List<Tensor> states(Workspace ws, double[] input) {
        int size = bert.config().hiddenSize();
        List<Tensor> states = new ArrayList<>();
        Tensor embedded = ws.tensor(length, size);
        ws.ops().upload(input, embedded);
        states.add(embedded);
        try (Workspace passing = ws.ops().workspace()) {
            bert.forwardFrom(passing, EmbeddingPoint.AFTER_LAYER_NORM, embedded.reshape(1, length, size), null,
                    (hidden, _) -> states.add(copy(ws, hidden, length, size)));
        }
        return states;
    }

    /** A copy that outlives the pass. */
    static Tensor copy(Workspace ws, Tensor hidden, int length, int size) {
        Tensor kept = ws.tensor(length, size);
        ws.ops().copy(hidden.reshape(length, size), kept);
        return kept;
    }

    @Override
    public PathModel after(int layer) {
        return new Suffix(bert, length, layer);
    }

    private record Suffix(BertModel bert, int length, int layer) implements PathModel {
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
            BertModel.Pass pass = bert.forwardAfter(ws, layer, points, null);
            return new BertPass(bert, pass);
        }
    }
}
