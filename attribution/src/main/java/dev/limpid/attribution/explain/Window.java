package dev.limpid.attribution.explain;

import dev.limpid.tokenizer.Span;

/**
 * The part of a long context that was explained: the window in which the best answer was found.
 *
 * @param index from 0
 * @param count how many windows the context was split into; 1 when it fits the model
 * @param context the part of the context the window holds, in UTF-16 units
 */
public record Window(int index, int count, Span context) {}
