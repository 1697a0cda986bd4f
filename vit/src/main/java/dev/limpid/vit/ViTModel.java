package dev.limpid.vit;

import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.List;
import java.util.Objects;
import java.util.function.ObjIntConsumer;

/**
 * A vision transformer that classifies images, on a device: weights that do not change, so that many threads may use one model, each with a {@link Workspace} of its
 * own.
 *
 * <p>The network is cut at the output of the patch projection: {@link #patches} computes the values there from pixels, {@link #forwardFrom} goes on from any such
 * values to the logits, {@link #backwardTo} brings the gradient of the logits back to them, and {@link #pixels} on to the pixels. The projection is affine, so a
 * straight path of pixels is a straight path of patches, and a sum of gradients is brought to the pixels once.
 */
public final class ViTModel {
    private final ViTConfig config;
    private final Ops ops;
    private final PatchEmbeddings embeddings;
    private final List<ViTLayer> layers;
    private final ClassificationHead head;

    ViTModel(ViTConfig config, Ops ops, PatchEmbeddings embeddings, List<ViTLayer> layers, ClassificationHead head) {
        this.config = config;
        this.ops = ops;
        this.embeddings = embeddings;
        this.layers = List.copyOf(layers);
        this.head = head;
    }

    public ViTConfig config() {
        return config;
    }

    /** The device the weights are on. */
    public Ops ops() {
        return ops;
    }

    /** A forward pass: its logits, and what {@link #backwardTo} reads. Valid as long as the workspace's tensors are. */
    public static final class Pass {
        private final boolean fromPatches; // began before the special tokens and positions
        private final int first; // the first layer it ran
        private final ViTLayer.Saved[] layers;
        private ClassificationHead.Output output;

        private Pass(boolean fromPatches, int first, int layerCount) {
            this.fromPatches = fromPatches;
            this.first = first;
            layers = new ViTLayer.Saved[layerCount];
        }

        /** The logits (B, labels). */
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
        ops.attentionProbabilities(qkv, null, config.heads(), probabilities);
        return probabilities;
    }

    /** {@code pixels} (B, K, H, W), normalised as the model's processor does, to projected patches (B, P, C). */
    public Tensor patches(Workspace ws, Tensor pixels) {
        return embeddings.project(ws, pixels);
    }

    /** The gradient {@code dPixels} (B, K, H, W) from that of the projected patches (B, P, C). */
    public Tensor pixels(Workspace ws, Tensor dPatches) {
        return embeddings.projectBackwardInput(ws, dPatches);
    }

    /** The logits from projected patches (B, P, C). The last layer computes only the tokens that the head reads. */
    public Pass forwardFrom(Workspace ws, Tensor patches) {
        return run(ws, new Pass(true, 0, layers.size()), embeddings.embed(ws, patches), false, (_, _) -> {});
    }

    /** As {@link #forwardFrom(Workspace, Tensor)}, showing the embeddings (as layer −1) and the whole output of each layer, (B, T, C), to {@code observer}. */
    public Pass forwardFrom(Workspace ws, Tensor patches, ObjIntConsumer<Tensor> observer) {
        Tensor embedded = embeddings.embed(ws, patches);
        observer.accept(embedded, -1);
        return run(ws, new Pass(true, 0, layers.size()), embedded, true, observer);
    }

    /**
     * The logits from the output (B, T, C) of a layer, by the layers after it; {@link #backwardTo} then ends there.
     *
     * @param layer from 0, or −1 for the output of the embeddings
     */
    public Pass forwardAfter(Workspace ws, int layer, Tensor hidden) {
        Objects.checkIndex(layer + 1, layers.size() + 1);
        return run(ws, new Pass(false, layer + 1, layers.size()), hidden, false, (_, _) -> {});
    }

    private Pass run(Workspace ws, Pass pass, Tensor start, boolean whole, ObjIntConsumer<Tensor> observer) {
        Tensor hidden = start;
        for (int i = pass.first; i < layers.size(); i++) {
            pass.layers[i] = new ViTLayer.Saved();
            int read = whole || i < layers.size() - 1 ? hidden.shape().dim(1) : head.tokensRead();
            hidden = layers.get(i).forward(ws, hidden, read, pass.layers[i]);
            observer.accept(hidden, i);
        }
        pass.output = head.forward(ws, hidden);
        if (pass.first < layers.size()) { // else it is the caller's
            ws.release(hidden);
        }
        return pass;
    }

    /** The gradient {@code dPatches} (B, P, C) of the projected patches, or (B, T, C) of what the pass began with, from that of the logits. */
    public Tensor backwardTo(Workspace ws, Tensor dLogits, Pass pass) {
        return backwardTo(ws, dLogits, pass, (_, _) -> {});
    }

    /** As {@link #backwardTo(Workspace, Tensor, Pass)}, showing the gradient (B, T, C) of each layer's output, and of the embeddings as layer −1; of the last one's, where nobody observed the forward pass, for the tokens that the head reads. */
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
        if (!pass.fromPatches) {
            return dHidden;
        }
        observer.accept(dHidden, -1);
        Tensor dPatches = embeddings.embedBackwardInput(ws, dHidden);
        ws.release(dHidden);
        return dPatches;
    }

    /** About how many bytes one image holds during a forward and backward pass from its patches. */
    public long bytesPerRow() {
        long t = config.tokens();
        long c = config.hiddenSize();
        long i = config.intermediateSize();
        long saved = 6 * c * t + i * t; // input, qkv, context, sum, dense
        long statistics = (config.heads() + 4) * t; // sums of attention's exponentials, and the norms' stats
        long passing = 8 * c * t + i * t + 2L * head.labels(); // patches, gradients, temporaries of one layer
        return ops.storedType().bytes() * (layers.size() * saved + passing)
                + statistics * ops.computeType().bytes() * layers.size();
    }
}
