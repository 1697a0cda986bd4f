package dev.limpid.attribution.explain;

import dev.limpid.attribution.LayeredModel;
import dev.limpid.attribution.PathModel;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import dev.limpid.vit.ViTModel;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers of a vision transformer; its inputs are pixels (C, H, W), as of a {@link PixelSpace}. The special tokens are tokens like the patches: from the first layer
 * on they differ between an image and its baseline.
 *
 * @param vit the network
 */
public record ViTLayers(ViTModel vit) implements LayeredModel {
    @Override
    public int layers() {
        return vit.config().layers();
    }

    @Override
    public List<Tensor> states(Workspace ws, double[] input) {
        int length = vit.config().tokens();
        int size = vit.config().hiddenSize();
        List<Tensor> states = new ArrayList<>();
        try (Workspace passing = ws.ops().workspace()) {
            vit.forwardFrom(passing, new PixelSpace(vit).points(passing, input),
                    (hidden, _) -> states.add(BertLayers.copy(ws, hidden, length, size)));
        }
        return states;
    }

    @Override
    public PathModel after(int layer) {
        return new ViTPathModel(vit, (ws, hidden) -> vit.forwardAfter(ws, layer, hidden));
    }
}
