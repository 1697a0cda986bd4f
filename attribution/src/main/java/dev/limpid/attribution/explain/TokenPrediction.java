package dev.limpid.attribution.explain;

import dev.limpid.tokenizer.Span;

/**
 * What a model says of one token.
 *
 * @param index position of the token
 * @param token the token as the tokenizer has it
 * @param span where it stands in the text, in UTF-16 units; null for special tokens
 * @param labelIndex the class with the largest logit
 * @param label its label
 * @param logit its logit
 * @param probability its softmax probability among all classes
 */
public record TokenPrediction(int index, String token, Span span, int labelIndex, String label, double logit,
        double probability) {}
