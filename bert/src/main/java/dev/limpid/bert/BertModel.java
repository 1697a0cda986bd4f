package dev.limpid.bert;

import dev.limpid.nn.ModelException;
import dev.limpid.nn.SelectedTokens;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Shape;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;

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

    /** This network's encoder with a vector (B, C) of each text in place of logits; for rows without padding. */
    public BertModel pooled(Pooling pooling) {
        return new BertModel(config, ops, embeddings, layers, new PoolingHead(pooling, config.hiddenSize()));
    }

    /** A forward pass: its logits, and what {@link #backwardTo} reads. Valid as long as the workspace's tensors are. */
    public static final class Pass {
        private final boolean fromSum; // began before the embeddings' layer norm
        private final int first; // the first layer it ran
        private final Packing packing;
        private SelectedTokens selected; // what the head was given of the last layer's output, if that holds more
        private Tensor sum; // (B, T, C), when the pass began before the layer norm
        private Tensor stats; // (B·T, 2)
        private final BertLayer.Saved[] layers;
        private Tensor lastInput; // (B, T, C) of the last layer, where it computed all tokens for a head that reads each by itself
        private TaskHead.Output output;

        private Pass(boolean fromSum, int first, Packing packing, int layerCount) {
            this.fromSum = fromSum;
            this.first = first;
            this.packing = packing;
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

    /** The attention probabilities (B, H, T, T) of a layer, from 0, of a pass of rows of one length. */
    public Tensor attention(Workspace ws, Pass pass, int layer) {
        Tensor qkv = ofOneLength(pass.packing, pass.projections(layer));
        int length = qkv.shape().dim(1);
        Tensor probabilities = ws.exact(qkv.shape().dim(0), config.heads(), length, length);
        ops.attentionProbabilities(qkv, pass.layers[layer].mask, config.heads(), probabilities);
        return probabilities;
    }

    /** {@code x} (B, T, columns) of rows of one length. */
    private static Tensor ofOneLength(Packing packing, Tensor x) {
        if (packing.groups().size() > 1) {
            throw new IllegalArgumentException("attention can be looked at in rows of one length only, not in "
                    + packing.groups().size() + " groups of rows");
        }
        return packing.split(x).getFirst();
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
        return at(ws, point, embeddings.sum(ws, batch));
    }

    /**
     * As {@link #embed(Workspace, EmbeddingPoint, BertBatch)}, of batches without padding, one after the other: (1, N, C), as in a {@link Packing}.
     *
     * @throws IllegalArgumentException if one is padded
     */
    public Tensor embed(Workspace ws, EmbeddingPoint point, List<BertBatch> batches) {
        batches.forEach(this::require);
        return at(ws, point, embeddings.sum(ws, BertBatch.packed(batches)));
    }

    private Tensor at(Workspace ws, EmbeddingPoint point, Tensor sum) {
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
        return begin(ws, point, x, mask, rectangular(x), false, (_, _) -> {});
    }

    /**
     * As {@link #forwardFrom(Workspace, EmbeddingPoint, Tensor, Tensor)}, of rows without padding that {@code packing} describes, and with logits of those tokens only that it names.
     *
     * @param x (B, T, C) of rows of one length, or (1, N, C)
     */
    public Pass forwardPacked(Workspace ws, EmbeddingPoint point, Tensor x, Packing packing) {
        return begin(ws, point, x, null, packing, false, (_, _) -> {});
    }

    private static Packing rectangular(Tensor x) {
        return Packing.of(x.shape().dim(0), x.shape().dim(1));
    }

    /** As {@link #forwardFrom(Workspace, EmbeddingPoint, Tensor, Tensor)}, showing the whole output (B, T, C) of each layer to {@code observer}. */
    public Pass forwardFrom(Workspace ws, EmbeddingPoint point, Tensor x, Tensor mask,
            ObjIntConsumer<Tensor> observer) {
        return begin(ws, point, x, mask, rectangular(x), true, observer);
    }

    private Pass begin(Workspace ws, EmbeddingPoint point, Tensor x, Tensor mask, Packing packing, boolean whole,
            ObjIntConsumer<Tensor> observer) {
        if (point == EmbeddingPoint.AFTER_LAYER_NORM) {
            return run(ws, new Pass(false, 0, packing, layers.size()), x, x, mask, whole, observer);
        }
        Pass pass = new Pass(true, 0, packing, layers.size());
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
        Pass pass = new Pass(false, layer + 1, rectangular(hidden), layers.size());
        return run(ws, pass, hidden, hidden, mask, false, (_, _) -> {});
    }

    /** Runs the layers of a pass and the head on {@code hidden}; {@code x}, what the caller gave, stays as it is. */
    private Pass run(Workspace ws, Pass pass, Tensor x, Tensor start, Tensor mask, boolean whole,
            ObjIntConsumer<Tensor> observer) {
        Tensor hidden = start;
        pass.selected = read(pass.packing, x);
        for (int i = pass.first; i < layers.size(); i++) {
            pass.layers[i] = new BertLayer.Saved();
            SelectedTokens read = whole || i < layers.size() - 1 ? null : pass.selected;
            Tensor y = layers.get(i).forward(ws, hidden, mask, pass.packing, read, pass.layers[i]);
            pass.selected = read == null ? pass.selected : null;
            observer.accept(y, i);
            if (i == layers.size() - 1 && head instanceof TokenwiseHead && !whole && read == null) {
                pass.lastInput = hidden;
            } else if (hidden != x) {
                ws.release(hidden);
            }
            hidden = y;
        }
        if (pass.selected != null) {
            Tensor selected = pass.selected.forward(ws, hidden);
            if (hidden != x) {
                ws.release(hidden);
            }
            hidden = selected;
        }
        pass.output = head.forward(ws, hidden, pass.packing);
        if (hidden != x) {
            ws.release(hidden);
        }
        return pass;
    }

    /** The tokens of {@code x} (B, T, C) or (1, N, C) that the head reads; null for all. */
    private SelectedTokens read(Packing packing, Tensor x) {
        if (packing.groups().stream().allMatch(group -> head.tokensRead(group) == null)) {
            return null;
        }
        IntStream.Builder rows = IntStream.builder();
        int from = 0;
        for (Packing.Group group : packing.groups()) {
            int[] tokens = head.tokensRead(group);
            for (int b = 0; b < group.rows(); b++, from += group.length()) {
                int row = from;
                (tokens == null ? IntStream.range(0, group.length()) : Arrays.stream(tokens))
                        .forEach(token -> rows.add(row + token));
            }
        }
        return new SelectedTokens(x.shape().dim(0), x.shape().dim(1), rows.build().toArray());
    }

    /** The gradient {@code dX} (B, T, C) at the point a pass began, from that of its logits. */
    public Tensor backwardTo(Workspace ws, Tensor dLogits, Pass pass) {
        return backwardTo(ws, dLogits, pass, (_, _) -> {});
    }

    /**
     * The same from numbers that are here. Where few tokens' logits have a gradient, as few as one of each row where a start or an end is explained, and the head reads each
     * token by itself, the last layer goes back for these only.
     */
    public Tensor backwardTo(Workspace ws, double[] dLogits, Pass pass) {
        Shape shape = pass.logits().shape();
        SelectedTokens tokens = pass.lastInput == null ? null : withGradient(dLogits, shape);
        if (tokens == null) {
            Tensor d = ws.tensor(IntStream.range(0, shape.rank()).map(shape::dim).toArray());
            ops.upload(dLogits, d);
            Tensor dX = backwardTo(ws, d, pass);
            ws.release(d);
            return dX;
        }
        int columns = shape.columns();
        double[] selected = new double[tokens.rows().length * columns];
        for (int i = 0; i < tokens.rows().length; i++) {
            System.arraycopy(dLogits, tokens.rows()[i] * columns, selected, i * columns, columns);
        }
        Tensor d = ws.tensor(shape.dim(0), tokens.count(), columns);
        ops.upload(selected, d);
        int last = layers.size() - 1;
        BertLayer.Saved saved = layers.get(last).again(ws, pass.lastInput, tokens, pass.layers[last]);
        Tensor dHidden = layers.get(last).backwardInput(ws, head.backwardInput(ws, d, pass.output.saved()), saved,
                _ -> {});
        layers.get(last).release(ws, saved);
        ws.release(d);
        return below(ws, dHidden, last - 1, pass, (_, _) -> {}, (_, _) -> {});
    }

    /** The tokens of logits (B, T, columns) with a gradient; null where these are many, or not as many in each row. */
    static SelectedTokens withGradient(double[] dLogits, Shape shape) {
        int columns = shape.columns();
        int length = shape.dim(1);
        int[] rows = IntStream.range(0, dLogits.length / columns)
                .filter(row -> IntStream.range(0, columns).anyMatch(c -> dLogits[row * columns + c] != 0)).toArray();
        int each = rows.length / shape.dim(0);
        for (int i = 0; i < rows.length; i++) {
            if (each == 0 || rows[i] / length != i / each) {
                return null;
            }
        }
        return each == 0 || 2 * each > length ? null : new SelectedTokens(shape.dim(0), length, rows);
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
        Tensor dInput = backwardTo(ws, dLogits, pass, (_, _) -> {}, (dPacked, layer) -> {
            Tensor dContext = ofOneLength(pass.packing, dPacked);
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
        if (pass.selected != null) {
            Tensor dSelected = dHidden;
            dHidden = pass.selected.backwardInput(ws, dSelected);
            ws.release(dSelected);
        }
        return below(ws, dHidden, layers.size() - 1, pass, observer, contexts);
    }

    /** From the gradient of the output of layer {@code top} to where the pass began. */
    private Tensor below(Workspace ws, Tensor dOutput, int top, Pass pass, ObjIntConsumer<Tensor> observer,
            ObjIntConsumer<Tensor> contexts) {
        Tensor dHidden = dOutput;
        for (int i = top; i >= pass.first; i--) {
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
        return bytesPerRow(Packing.Group.of(1, length));
    }

    /** About how many bytes each row of a group holds during a forward and backward pass. */
    public long bytesPerRow(Packing.Group group) {
        long t = group.length();
        long c = config.hiddenSize();
        long i = config.intermediateSize();
        long saved = 6 * c * t + i * t; // qkv, context, two sums, dense
        long statistics = (config.heads() + 4) * t; // sums of attention's exponentials, and the norms' stats
        long passing = 9 * c * t + i * t + 2L * head.logitsPerRow(group.wanted()); // points, gradients, temporaries of one layer
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
