package dev.limpid.attribution.explain;

import dev.limpid.attribution.attention.AttentionMaps;
import dev.limpid.attribution.attention.AttentionProjections;
import dev.limpid.attribution.attention.AttentionRollout;
import dev.limpid.attribution.attention.GradientWeightedAttention;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.tokenizer.Span;
import dev.limpid.vit.image.RgbImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a model attends to in one input.
 *
 * @param model what the model is called
 * @param device where it ran
 * @param precision in which
 * @param text the text, or null
 * @param pair the second text, or null
 * @param image the image as the model saw it, or null
 * @param patchRows rows of patches in it
 * @param patchColumns columns of patches in it
 * @param tokens that attend to each other; patches come last, row by row
 * @param segments of each token: 1 for those of the second text
 * @param sources the text each token stands in; empty for an image
 * @param spans where it stands there, null for special tokens; empty for an image
 * @param tokensLeftOut how many tokens of the text were cut off
 * @param target what the gradients are of, or null where there are none
 * @param score the target's logit, or the difference of two; NaN where there is no target
 * @param logits of the row, flattened
 * @param maps attention of every layer and head
 * @param projections queries and keys of every layer
 */
public record AttentionExplanation(String model, String device, String precision, String text, String pair,
        RgbImage image, int patchRows, int patchColumns, List<String> tokens, List<Integer> segments,
        List<Source> sources, List<Span> spans, int tokensLeftOut, String target, double score, double[] logits,
        AttentionMaps maps, AttentionProjections projections) {
    public AttentionExplanation {
        tokens = List.copyOf(tokens);
        segments = List.copyOf(segments);
        sources = List.copyOf(sources);
        spans = Collections.unmodifiableList(new ArrayList<>(spans));
    }

    /** Index of the token that is an image's first patch; after all tokens for a text. */
    public int firstPatch() {
        return tokens.size() - patchRows * patchColumns;
    }

    /** What share of the tokens that the classifier reads ([CLS], with a DeiT teacher also its token) comes from each token: attention rollout. */
    public double[] rollout() {
        return AttentionRollout.DEFAULT.ofClassifier(maps);
    }

    /**
     * How much each token matters to the target, by the attention of the tokens that the classifier reads: gradient-weighted attention. What these have of
     * themselves in every input is taken off.
     *
     * @throws IllegalArgumentException if there is no target
     */
    public double[] relevance() {
        return GradientWeightedAttention.ofClassifier(maps);
    }
}
