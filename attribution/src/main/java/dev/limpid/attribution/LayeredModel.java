package dev.limpid.attribution;

import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.List;

/** A network that can be entered after any of its layers. */
public interface LayeredModel {
    /** Number L of layers. */
    int layers();

    /**
     * What every layer makes of an input.
     *
     * @param input one row of features of the space the network is looked at in
     * @return L + 1 tensors (T, C) of {@code ws}: the output of the embeddings, then that of each layer
     */
    List<Tensor> states(Workspace ws, double[] input);

    /**
     * The rest of the network.
     *
     * @param layer from 0, or −1 for the output of the embeddings
     */
    PathModel after(int layer);
}
