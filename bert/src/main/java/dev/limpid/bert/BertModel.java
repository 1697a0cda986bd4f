package dev.limpid.bert;

import dev.limpid.nn.ModelException;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.List;
import java.util.Objects;
import java.util.function.ObjIntConsumer;

/**
 * A BERT encoder with a task head on a device: weights that do not change, so that many threads may use one model, each with a
 * {@link Workspace} of its own.
 *
 * <p>The network is cut at an {@link EmbeddingPoint}: {@link #embed} computes the values there from token ids, {@link #forwardFrom} goes on from
 * any such values to the logits, and {@link #backwardTo} brings the gradient of the logits back to them.
 */
public final class BertModel {
    private final BertConfig config;
    private final Ops ops;
    private final BertEmbeddings embeddings;
    private final List<BertLayer> layers;
    private final TaskHead head;

    BertModel(BertConfig config, Ops ops, BertEmbeddings embeddings, List<BertLayer> layers, TaskHead head) {
        this.config = config;
        this.ops = ops;
        this.embeddings = embeddings;
        this.layers = List.copyOf(layers);
        this.head = head;
    }

    public BertConfig config() {
        return config;
    }

    /** The device the weights are on. */
    public Ops ops() {
        return ops;
    }

    public TaskHead head() {
        return head;
    }

    /**
     * This network with logits for one token only, (B, 1, V): what fills a [MASK].
     *
     * @throws ModelException if it is no masked language model
     */
    public BertModel predictingAt(int token) {
        if (!(head instanceof MaskedLmHead maskedLm)) {
            throw new ModelException("a " + head.architecture() + " predicts no words; load a BertForMaskedLM");
        }
        return new BertModel(config, ops, embeddings, layers, maskedLm.at(token));
    }

    /** This network's encoder with a vector (B, C) of each text in place of logits; for rows without padding. */
    public BertModel pooled(Pooling pooling) {
        return new BertModel(config, ops, embeddings, layers, new PoolingHead(pooling, config.hiddenSize()));
    }

    /** A forward pass: its logits, and what {@link #backwardTo} reads. Valid as long as the workspace's tensors are. */
    public static final class Pass {
        private final boolean fromSum; // began before the embeddings' layer norm
        private final int first; // the first layer it ran
        private Tensor sum; // (B, T, C), when the pass began before the layer norm
        private Tensor stats; // (B·T, 2)
        private final BertLayer.Saved[] layers;
        private TaskHead.Output output;

        private Pass(boolean fromSum, int first, int layerCount) {
            this.fromSum = fromSum;
            this.first = first;
            this.layers = new BertLayer.Saved[layerCount];
        }

        /** The logits, in the shape the head documents. */
        public Tensor logits() {
            return output.logits();
        }

        /** Queries, keys and values (B, T, 3C) of a layer, from 0, side by side. */
        public Tensor projections(int layer) {
            return layers[layer].qkv;
        }
    }

    /** The attention probabilities (B, H, T, T) of a layer, from 0, of a pass. */
    public Tensor attention(Workspace ws, Pass pass, int layer) {
        Tensor qkv = pass.projections(layer);
        int length = qkv.shape().dim(1);
        Tensor probabilities = ws.exact(qkv.shape().dim(0), config.heads(), length, length);
        ops.attentionProbabilities(qkv, pass.layers[layer].mask, config.heads(), probabilities);
        return probabilities;
    }

    /** The attention mask (B, T) as a tensor, or null when nothing is masked. */
    public Tensor mask(Workspace ws, BertBatch batch) {
        if (!batch.isPadded()) {
            return null;
        }
        double[] values = new double[batch.attentionMask().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = batch.attentionMask()[i];
        }
        Tensor mask = ws.exact(batch.batch(), batch.length());
        ops.upload(values, mask);
        return mask;
    }

    /**
     * The values at a point of the network, (B, T, C).
     *
     * @throws ModelException if a sequence is longer than the position embeddings, or an id outside the vocabulary
     */
    public Tensor embed(Workspace ws, EmbeddingPoint point, BertBatch batch) {
        require(batch);
        Tensor sum = embeddings.sum(ws, batch);
        if (point == EmbeddingPoint.BEFORE_LAYER_NORM) {
            return sum;
        }
        return normalised(ws, sum, ws.exact((int) sum.shape().rows(), 2));
    }

    /** {@code LayerNorm(sum)}: from the point before the embeddings' layer norm to the point after it. */
    public Tensor normalised(Workspace ws, Tensor sum) {
        return normalised(ws, sum, ws.exact((int) sum.shape().rows(), 2));
    }

    private Tensor normalised(Workspace ws, Tensor sum, Tensor stats) {
        Tensor y = ws.tensor(sum.shape().dim(0), sum.shape().dim(1), sum.shape().dim(2));
        embeddings.forwardFromSum(ops, sum, y, stats);
        return y;
    }

    /** The word-embedding table (V, C). */
    public Tensor wordEmbeddings() {
        return embeddings.word();
    }

    /** The logits from the values {@code x} (B, T, C) at {@code point}; {@code mask} (B, T) or null. The last layer computes only the tokens that the head reads. */
    public Pass forwardFrom(Workspace ws, EmbeddingPoint point, Tensor x, Tensor mask) {
        return begin(ws, point, x, mask, false, (_, _) -> {});
    }

    /** As {@link #forwardFrom(Workspace, EmbeddingPoint, Tensor, Tensor)}, showing the whole output (B, T, C) of each layer to {@code observer}. */
    public Pass forwardFrom(Workspace ws, EmbeddingPoint point, Tensor x, Tensor mask,
            ObjIntConsumer<Tensor> observer) {
        return begin(ws, point, x, mask, true, observer);
    }

    private Pass begin(Workspace ws, EmbeddingPoint point, Tensor x, Tensor mask, boolean whole,
            ObjIntConsumer<Tensor> observer) {
        if (point == EmbeddingPoint.AFTER_LAYER_NORM) {
            return run(ws, new Pass(false, 0, layers.size()), x, x, mask, whole, observer);
        }
        Pass pass = new Pass(true, 0, layers.size());
        pass.sum = x;
        pass.stats = ws.exact((int) x.shape().rows(), 2);
        return run(ws, pass, x, normalised(ws, x, pass.stats), mask, whole, observer);
    }

    /**
     * The logits from the output (B, T, C) of a layer, by the layers after it; {@link #backwardTo} then ends there.
     *
     * @param layer from 0, or −1 for the output of the embeddings
     */
    public Pass forwardAfter(Workspace ws, int layer, Tensor hidden, Tensor mask) {
        Objects.checkIndex(layer + 1, layers.size() + 1);
        return run(ws, new Pass(false, layer + 1, layers.size()), hidden, hidden, mask, false, (_, _) -> {});
    }

    /** Runs the layers of a pass and the head on {@code hidden}; {@code x}, what the caller gave, stays as it is. */
    private Pass run(Workspace ws, Pass pass, Tensor x, Tensor start, Tensor mask, boolean whole,
            ObjIntConsumer<Tensor> observer) {
        Tensor hidden = start;
        for (int i = pass.first; i < layers.size(); i++) {
            pass.layers[i] = new BertLayer.Saved();
            int length = hidden.shape().dim(1);
            int read = whole || i < layers.size() - 1 ? length : head.tokensRead(length);
            Tensor y = layers.get(i).forward(ws, hidden, mask, read, pass.layers[i]);
            observer.accept(y, i);
            if (hidden != x) {
                ws.release(hidden);
            }
            hidden = y;
        }
        pass.output = head.forward(ws, hidden);
        if (hidden != x) {
            ws.release(hidden);
        }
        return pass;
    }

    /** The gradient {@code dX} (B, T, C) at the point a pass began, from that of its logits. */
    public Tensor backwardTo(Workspace ws, Tensor dLogits, Pass pass) {
        return backwardTo(ws, dLogits, pass, (_, _) -> {});
    }

    /** As {@link #backwardTo(Workspace, Tensor, Pass)}, showing the gradient (B, T, C) of each layer's output to {@code observer}; of the last one's, where nobody observed the forward pass, for the tokens that the head reads. */
    public Tensor backwardTo(Workspace ws, Tensor dLogits, Pass pass, ObjIntConsumer<Tensor> observer) {
        return backwardTo(ws, dLogits, pass, observer, (_, _) -> {});
    }

    /**
     * Brings the gradient of the logits back and shows the gradient {@code dA} (B, H, T, T) of each layer's attention probabilities, the last layer's first, to
     * {@code observer}, which may not keep the tensor: {@code ∂F/∂A}, each probability taken as a variable of its own.
     */
    public void attentionGradients(Workspace ws, Tensor dLogits, Pass pass, ObjIntConsumer<Tensor> observer) {
        Tensor dInput = backwardTo(ws, dLogits, pass, (_, _) -> {}, (dContext, layer) -> {
            int length = dContext.shape().dim(1);
            Tensor dA = ws.exact(dContext.shape().dim(0), config.heads(), length, length);
            ops.attentionBackwardProbabilities(dContext, pass.projections(layer), config.heads(), dA);
            observer.accept(dA, layer);
            ws.release(dA);
        });
        ws.release(dInput);
    }

    private Tensor backwardTo(Workspace ws, Tensor dLogits, Pass pass, ObjIntConsumer<Tensor> observer,
            ObjIntConsumer<Tensor> contexts) {
        Tensor dHidden = head.backwardInput(ws, dLogits, pass.output.saved());
        for (int i = layers.size() - 1; i >= pass.first; i--) {
            observer.accept(dHidden, i);
            int layer = i;
            dHidden = layers.get(i).backwardInput(ws, dHidden, pass.layers[i],
                    dContext -> contexts.accept(dContext, layer));
        }
        if (!pass.fromSum) {
            return dHidden;
        }
        Tensor dSum = ws.tensor(dHidden.shape().dim(0), dHidden.shape().dim(1), dHidden.shape().dim(2));
        embeddings.backwardToSum(ops, dHidden, pass.sum, pass.stats, dSum);
        ws.release(dHidden);
        return dSum;
    }

    /** About how many bytes one row of {@code length} tokens holds during a forward and backward pass. */
    public long bytesPerRow(int length) {
        long t = length;
        long c = config.hiddenSize();
        long i = config.intermediateSize();
        long saved = 6 * c * t + i * t; // qkv, context, two sums, dense
        long statistics = (config.heads() + 4) * t; // sums of attention's exponentials, and the norms' stats
        long passing = 8 * c * t + i * t + 2L * head.logitsPerRow(length); // points, gradients, temporaries of one layer
        return ops.storedType().bytes() * (layers.size() * saved + passing)
                + statistics * ops.computeType().bytes() * layers.size();
    }

    private void require(BertBatch batch) {
        if (batch.length() > config.maxPositions()) {
            throw new ModelException("a sequence of " + batch.length() + " tokens is longer than the model's window of "
                    + config.maxPositions() + "; shorten the text or let it be split into windows");
        }
        inRange("token id", batch.ids(), config.vocabSize(), "vocab_size");
        inRange("segment", batch.typeIds(), config.typeVocabSize(), "type_vocab_size");
        inRange("position", batch.positionIds(), config.maxPositions(), "max_position_embeddings");
    }

    private static void inRange(String what, int[] values, int limit, String field) {
        for (int value : values) {
            if (value < 0 || value >= limit) {
                throw new ModelException(what + " " + value + " is outside the model's " + field + " of " + limit
                        + "; do the tokenizer and the checkpoint belong together?");
            }
        }
    }
}
