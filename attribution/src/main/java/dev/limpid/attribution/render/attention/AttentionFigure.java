package dev.limpid.attribution.render.attention;

import dev.limpid.attribution.attention.AttentionMaps;
import dev.limpid.attribution.attention.AttentionProjections;
import dev.limpid.attribution.explain.AttentionExplanation;
import dev.limpid.attribution.render.picture.RgbPixels;
import dev.limpid.vit.image.RgbImage;
import java.util.ArrayList;
import java.util.List;

/**
 * What an attention page shows.
 *
 * @param name of the input, the page's heading
 * @param model what the model is called
 * @param device where it ran and in what precision
 * @param target whose gradient weighs attention, or null
 * @param tokens of the input
 * @param stacks maps between the tokens, at least one
 * @param projections queries and keys of the first stack's layers, for the neuron view; or null
 */
public record AttentionFigure(String name, String model, String device, String target, AttentionTokens tokens,
        List<AttentionStack> stacks, AttentionProjections projections) {
    /** @throws IllegalArgumentException if there is no stack, or tokens, maps and projections are not of the same number */
    public AttentionFigure {
        stacks = List.copyOf(stacks);
        if (stacks.isEmpty()) {
            throw new IllegalArgumentException("a page of attention needs a stack of maps");
        }
        int length = tokens.texts().size();
        int heads = stacks.getFirst().heads();
        int layers = stacks.getFirst().layers().size();
        for (AttentionStack stack : stacks) {
            if (stack.layers().size() != layers || stack.heads() != (stack.fused() ? 1 : heads)) {
                throw new IllegalArgumentException(stack.title() + " must have " + layers + " layers of " + heads
                        + " heads as " + stacks.getFirst().title() + " has, or of fused heads");
            }
            for (float[] layer : stack.layers()) {
                if (layer.length != stack.heads() * length * length) {
                    throw new IllegalArgumentException(stack.title() + " is of " + layer.length
                            + " numbers a layer, not of " + stack.heads() + " heads × " + length + " × " + length
                            + ": the number of tokens");
                }
            }
        }
        if (projections != null
                && (projections.length() != length || projections.heads() != heads
                        || projections.queries().size() != layers)) {
            throw new IllegalArgumentException("queries and keys must be of the same layers, heads and tokens as the "
                    + stacks.getFirst().title().toLowerCase(java.util.Locale.ROOT));
        }
    }

    /**
     * What a model attended to.
     *
     * @param name of the input, the page's heading
     * @param neurons whether queries and keys come along, for the neuron view: they more than double a page's size
     */
    public static AttentionFigure of(String name, AttentionExplanation e, boolean neurons) {
        RgbImage image = e.image();
        AttentionTokens tokens = image == null
                ? AttentionTokens.of(e.tokens(), e.segments().stream().mapToInt(Integer::intValue).toArray())
                : new AttentionTokens(e.tokens(), 0, new AttentionTokens.Patches(
                        RgbPixels.of(image.height(), image.width(), image.rgb()), e.patchRows(), e.patchColumns(),
                        e.firstPatch()));
        return of(name, e.model(), e.device() + ", " + e.precision(), e.target(), tokens, e.maps(),
                neurons ? e.projections() : null);
    }

    /**
     * Attention, its rollout, and its relevance if there are gradients.
     *
     * <p>{@link AttentionStack#weighted}, which would double a page's size, can be added by the constructor.
     */
    public static AttentionFigure of(String name, String model, String device, String target, AttentionTokens tokens,
            AttentionMaps maps, AttentionProjections projections) {
        List<AttentionStack> stacks = new ArrayList<>();
        stacks.add(AttentionStack.attention(maps));
        stacks.add(AttentionStack.rollout(maps));
        if (maps.hasGradients()) {
            stacks.add(AttentionStack.relevance(maps));
        }
        return new AttentionFigure(name, model, device, target, tokens, stacks, projections);
    }
}
