package dev.limpid.tokenizer;

/** Which sequence gives up tokens when an encoding is longer than {@code maxLength}; always from its end. */
public enum Truncation {
    /** Nothing is cut, whatever {@code maxLength} says. */
    NONE,
    /** The longer sequence is cut to what the shorter leaves, or both to half of the room. */
    LONGEST_FIRST,
    /** Only the first sequence is cut. */
    ONLY_FIRST,
    /** Only the second sequence is cut, as question answering does with its context. */
    ONLY_SECOND
}
