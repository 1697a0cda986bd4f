package dev.limpid.vit;

import dev.limpid.nn.Linear;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;

/**
 * The embeddings block: patches of pixels projected, special tokens put before them, positions added ({@code ViTEmbeddings}, {@code DeiTEmbeddings}).
 *
 * <p>The projection, a convolution whose stride is its kernel, is a linear layer over the pixels of a patch. Everything that does not depend on the image,
 * positions and special tokens, is one table.
 *
 * @param config the shapes
 * @param projection (C, K·ph·pw)
 * @param table (T, C): the position embeddings, with the vectors of the special tokens added to the first
 */
record PatchEmbeddings(ViTConfig config, Linear projection, Tensor table) {
    /** {@code pixels} (B, K, H, W) to projected patches (B, P, C). */
    Tensor project(Workspace ws, Tensor pixels) {
        int batch = pixels.shape().dim(0);
        Tensor patches = ws.tensor(batch, config.patches(), projection.inputs());
        ws.ops().patchify(pixels, config.patchHeight(), config.patchWidth(), patches);
        Tensor projected = ws.tensor(batch, config.patches(), config.hiddenSize());
        projection.forward(ws.ops(), patches, projected);
        ws.release(patches);
        return projected;
    }

    /** {@code dProjected} (B, P, C) to {@code dPixels} (B, K, H, W). */
    Tensor projectBackwardInput(Workspace ws, Tensor dProjected) {
        int batch = dProjected.shape().dim(0);
        Tensor dPatches = ws.tensor(batch, config.patches(), projection.inputs());
        projection.backwardInput(ws.ops(), dProjected, dPatches);
        Tensor dPixels = ws.tensor(batch, config.channels(), config.imageHeight(), config.imageWidth());
        ws.ops().patchifyBackwardInput(dPatches, config.patchHeight(), config.patchWidth(), dPixels);
        ws.release(dPatches);
        return dPixels;
    }

    /** Projected patches (B, P, C) to embeddings (B, T, C): each patch to its row, and the table added. */
    Tensor embed(Workspace ws, Tensor projected) {
        Ops ops = ws.ops();
        int batch = projected.shape().dim(0);
        int tokens = config.tokens();
        Tensor x = ws.tensor(batch, tokens, config.hiddenSize());
        Tensor rows = projected.reshape(batch * config.patches(), config.hiddenSize());
        ops.gatherRowsBackwardInput(rows, patchRows(batch), x.reshape(batch * tokens, config.hiddenSize()));
        int[] positions = new int[batch * tokens];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = i % tokens;
        }
        ops.gatherRows(table, positions, true, x);
        return x;
    }

    /** {@code dX} (B, T, C) to {@code dProjected} (B, P, C): the rows of the patches. */
    Tensor embedBackwardInput(Workspace ws, Tensor dX) {
        int batch = dX.shape().dim(0);
        Tensor dProjected = ws.tensor(batch, config.patches(), config.hiddenSize());
        ws.ops().gatherRows(dX.reshape(batch * config.tokens(), config.hiddenSize()), patchRows(batch), false,
                dProjected);
        return dProjected;
    }

    /** The row of each patch among B·T tokens. */
    private int[] patchRows(int batch) {
        int[] rows = new int[batch * config.patches()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i / config.patches() * config.tokens() + config.specialTokens() + i % config.patches();
        }
        return rows;
    }
}
