package dev.limpid.attribution.explain;

/** Two texts that are looked at together. */
public record TextPair(String text, String textPair) {}
