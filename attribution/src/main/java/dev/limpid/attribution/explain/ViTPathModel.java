package dev.limpid.attribution.explain;

import dev.limpid.attribution.PathModel;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import dev.limpid.vit.ViTModel;
import java.util.function.BiFunction;

/**
 * A vision transformer as the path engine sees it, from wherever it is entered to its logits.
 *
 * @param vit the network
 * @param entry the forward pass from the points: projected patches, or what a layer makes of them
 */
record ViTPathModel(ViTModel vit, BiFunction<Workspace, Tensor, ViTModel.Pass> entry) implements PathModel {
    @Override
    public Ops ops() {
        return vit.ops();
    }

    @Override
    public int logitsPerRow() {
        return vit.config().labels().size();
    }

    @Override
    public long bytesPerRow() {
        return vit.bytesPerRow();
    }

    @Override
    public Pass forward(Workspace ws, Tensor points) {
        ViTModel.Pass pass = entry.apply(ws, points);
        return Pass.of(pass.logits(), (workspace, dLogits) -> vit.backwardTo(workspace, dLogits, pass));
    }
}
