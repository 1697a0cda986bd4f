package dev.limpid.attribution.render.attention;

import java.util.List;

/**
 * What of a figure is put on a page, and what of that is shown first. Layers and heads are counted from 0.
 *
 * @param view shown first
 * @param layer shown first, one of those included; −1 for the first of them
 * @param heads shown first, of those included; empty for all
 * @param includeLayers on the page; empty for all
 * @param includeHeads on the page; empty for all. Maps of fused heads are not concerned
 */
public record AttentionOptions(AttentionView view, int layer, List<Integer> heads, List<Integer> includeLayers,
        List<Integer> includeHeads) {
    /** Everything, the head view of the first layer first. */
    public static final AttentionOptions DEFAULT = new AttentionOptions(AttentionView.HEAD, -1, List.of(), List.of(),
            List.of());

    public AttentionOptions {
        heads = List.copyOf(heads);
        includeLayers = List.copyOf(includeLayers);
        includeHeads = List.copyOf(includeHeads);
    }

    /** With another view first. */
    public AttentionOptions with(AttentionView other) {
        return new AttentionOptions(other, layer, heads, includeLayers, includeHeads);
    }
}
