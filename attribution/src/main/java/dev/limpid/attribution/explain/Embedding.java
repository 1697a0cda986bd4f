package dev.limpid.attribution.explain;

import dev.limpid.bert.EmbeddingPoint;

/** The point of a BERT the path runs through: transformers-interpret's {@code embedding_type}. */
public enum Embedding {
    /** Word embeddings ({@code embedding_type} 0). */
    WORD(EmbeddingPoint.BEFORE_LAYER_NORM),
    /** Position embeddings ({@code embedding_type} 1); in the transformers-interpret convention only. */
    POSITION(EmbeddingPoint.BEFORE_LAYER_NORM),
    /** The output of the embeddings block ({@code embedding_type} 2, which transformers-interpret has for question answering only). */
    BLOCK(EmbeddingPoint.AFTER_LAYER_NORM);

    final EmbeddingPoint point;

    Embedding(EmbeddingPoint point) {
        this.point = point;
    }
}
