package dev.limpid.attribution.render;

import dev.limpid.attribution.explain.ImageFaithfulness;
import java.util.List;

/**
 * What a document of an explained image tells besides the explanation.
 *
 * @param name of the image, its file for instance; null if it has none
 * @param seed of the noise the method drew; null for methods without
 * @param map the file that holds the maps; null if there is none
 * @param tensors name of each explanation's attributions in that file; empty if there is none
 * @param metrics of each explanation; empty if they were not measured
 * @param patches whether the sum over each patch is told
 */
public record ImageDetails(String name, Long seed, String map, List<String> tensors, List<ImageFaithfulness> metrics,
        boolean patches) {
    /** Nothing. */
    public static final ImageDetails NONE = new ImageDetails(null, null, null, List.of(), List.of(), false);

    public ImageDetails {
        tensors = List.copyOf(tensors);
        metrics = List.copyOf(metrics);
    }

    public ImageDetails withName(String value) {
        return new ImageDetails(value, seed, map, tensors, metrics, patches);
    }

    public ImageDetails withSeed(Long value) {
        return new ImageDetails(name, value, map, tensors, metrics, patches);
    }

    /** With the file of maps, and the name of each explanation's attributions in it. */
    public ImageDetails withMap(String file, List<String> names) {
        return new ImageDetails(name, seed, file, names, metrics, patches);
    }

    public ImageDetails withMetrics(List<ImageFaithfulness> value) {
        return new ImageDetails(name, seed, map, tensors, value, patches);
    }

    public ImageDetails withPatches(boolean value) {
        return new ImageDetails(name, seed, map, tensors, metrics, value);
    }
}
