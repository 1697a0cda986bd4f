package dev.limpid.bert;

/** Where the network is cut in two: the path of an explanation runs through the values at this point. */
public enum EmbeddingPoint {
    /** The output of the embeddings block: {@code LayerNorm(word + position + type)}. */
    AFTER_LAYER_NORM,
    /** The sum {@code word + position + type}; where only the word changes, a path here is a path of word embeddings. */
    BEFORE_LAYER_NORM
}
