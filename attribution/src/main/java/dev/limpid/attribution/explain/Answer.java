package dev.limpid.attribution.explain;

import dev.limpid.tokenizer.Span;

/**
 * The predicted answer.
 *
 * @param text its words: the substring of the context, untouched; empty for no answer
 * @param start position of its first token in the window
 * @param end position of its last token in the window
 * @param span where it stands in the context, in UTF-16 units; null for no answer, and where the predicted tokens are no stretch of the context
 * @param startLogit start logit of the first token
 * @param endLogit end logit of the last token
 */
public record Answer(String text, int start, int end, Span span, double startLogit, double endLogit) {}
