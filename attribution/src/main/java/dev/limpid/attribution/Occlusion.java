package dev.limpid.attribution;

import dev.limpid.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * What F loses when a part of the input is taken away (Zeiler and Fergus 2013, arXiv 1311.2901; captum's {@code Occlusion}): an average over the windows that
 * cover a feature,
 *
 * <pre>
 *   A_i = (1/N_i)·Σ_{windows w ∋ i} (F(x) − F(x with x_j := x0_j for j ∈ w))        N_i: windows that cover i
 * </pre>
 *
 * <p>Every feature of a window has the window's whole loss, so sums over features mean little. A
 * feature that no window covers has 0. Forward passes only.
 *
 * @param id its name
 * @param windows indices of the features of each window
 */
public record Occlusion(String id, int[][] windows) implements Method {
    /** Occlusion by any windows, such as those of {@link FeatureGroups#windows}. */
    public static Occlusion of(int[][] windows) {
        return new Occlusion("occlusion", windows);
    }

    /** Occlusion by the patches of an image (C, H, W), one at a time. */
    public static Occlusion patches(Shape shape, int patchHeight, int patchWidth) {
        return of(FeatureGroups.patches(shape, patchHeight, patchWidth));
    }

    /** Leave one out: each row of features (T, C), a token, replaced by the baseline's (Li et al. 2016, arXiv 1612.08220). */
    public static Occlusion leaveOneOut(Shape shape) {
        return new Occlusion("leave-one-out", FeatureGroups.rows(shape));
    }

    @Override
    public boolean complete() {
        return false;
    }

    @Override
    public List<Attribution> attribute(FeatureSpace space, double[] input, double[] baseline, List<Target> targets,
            RunOptions options) {
        int[] covers = new int[input.length];
        for (int[] window : windows) {
            for (int i : window) {
                covers[i]++;
            }
        }
        int rows = windows.length + 2;
        double[][] scores = new Probe(space, targets, options, rows).scores(rows, row -> switch (row) {
            case 0 -> input;
            case 1 -> baseline;
            default -> FeatureGroups.replaced(input, baseline, windows[row - 2]);
        });
        List<Attribution> attributions = new ArrayList<>();
        for (double[] score : scores) {
            double[] values = new double[input.length];
            for (int w = 0; w < windows.length; w++) {
                for (int i : windows[w]) {
                    values[i] += score[0] - score[w + 2];
                }
            }
            for (int i = 0; i < values.length; i++) {
                values[i] /= Math.max(1, covers[i]);
            }
            attributions.add(new Attribution(values, score[0], score[1], windows.length));
        }
        return attributions;
    }
}
