package dev.limpid.attribution.explain;

/** A question, and the text that is to answer it. */
public record QuestionContext(String question, String context) {}
