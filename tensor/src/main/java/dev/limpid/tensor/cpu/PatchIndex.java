package dev.limpid.tensor.cpu;

import dev.limpid.tensor.Tensor;

/**
 * Where pixels (B, K, H, W) lie among patches (B, P, K·ph·pw): patches row by row, each channel by channel and row by row. Rows and columns that fill no
 * patch at the lower and right edge belong to none.
 */
final class PatchIndex {
    /** A row of pixels of one channel in one patch: {@code pw} neighbours, both in the image and in the patch. */
    @FunctionalInterface
    interface Run {
        void accept(int pixel, int patchElement);
    }

    private final Tensor pixels;
    private final Tensor patches;
    private final int patchHeight;
    /** Pixels of a run. */
    final int patchWidth;

    PatchIndex(Tensor pixels, Tensor patches, int patchHeight, int patchWidth) {
        this.pixels = pixels;
        this.patches = patches;
        this.patchHeight = patchHeight;
        this.patchWidth = patchWidth;
    }

    /** Shows every run: the index of its first element in either storage. */
    void forEach(Run run) {
        int channels = pixels.shape().dim(1);
        int height = pixels.shape().dim(2);
        int width = pixels.shape().dim(3);
        int down = height / patchHeight;
        int across = width / patchWidth;
        int element = (int) patches.offset();
        for (int b = 0; b < pixels.shape().dim(0); b++) {
            for (int patch = 0; patch < down * across; patch++) {
                int top = patch / across * patchHeight;
                int left = patch % across * patchWidth;
                for (int k = 0; k < channels; k++) {
                    for (int i = 0; i < patchHeight; i++) {
                        run.accept((int) pixels.offset() + ((b * channels + k) * height + top + i) * width + left,
                                element);
                        element += patchWidth;
                    }
                }
            }
        }
    }
}
