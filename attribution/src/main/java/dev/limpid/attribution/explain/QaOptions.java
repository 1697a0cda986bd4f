package dev.limpid.attribution.explain;

import dev.limpid.attribution.PathEngine;
import dev.limpid.attribution.Progress;
import dev.limpid.attribution.Quadrature;
import dev.limpid.bert.EmbeddingPoint;

/**
 * How a question-answering prediction is to be explained.
 *
 * @param convention which rules to follow
 * @param nSteps nodes of the quadrature
 * @param quadrature the rule
 * @param baseline what the path starts from; the transformers-interpret convention knows only {@link Baseline#PAD}
 * @param embedding the point of the network the path runs through
 * @param internalBatchSize rows in one pass; 0 to follow the memory budget
 * @param memoryBudget bytes a pass may take
 * @param stride tokens that neighbouring windows of a long context share
 * @param maxAnswerTokens longest answer
 * @param allowNoAnswer whether "no answer" ([CLS]) may win, for models trained on unanswerable questions
 * @param progress told of the work done
 */
public record QaOptions(Convention convention, int nSteps, Quadrature quadrature, Baseline baseline,
        Embedding embedding,
        int internalBatchSize, long memoryBudget, int stride, int maxAnswerTokens, boolean allowNoAnswer,
        Progress progress) {
    /** The default convention: Gauss–Legendre with 50 nodes from the [PAD] baseline. */
    public static final QaOptions DEFAULT = new QaOptions(Convention.DEFAULT, 50, Quadrature.GAUSS_LEGENDRE,
            Baseline.PAD,
            Embedding.BLOCK, 0, PathEngine.DEFAULT_MEMORY_BUDGET, 128, 30, false, Progress.NONE);

    /** The point the path runs through: transformers-interpret's {@code embedding_type}. */
    public enum Embedding {
        /** Word embeddings ({@code embedding_type} 0). */
        WORD(EmbeddingPoint.BEFORE_LAYER_NORM),
        /** Position embeddings ({@code embedding_type} 1); in the transformers-interpret convention only. */
        POSITION(EmbeddingPoint.BEFORE_LAYER_NORM),
        /** The output of the embeddings block ({@code embedding_type} 2). */
        BLOCK(EmbeddingPoint.AFTER_LAYER_NORM);

        final EmbeddingPoint point;

        Embedding(EmbeddingPoint point) {
            this.point = point;
        }
    }

    public QaOptions {
        quadrature.nodes(nSteps); // refuses a number of steps the rule cannot have
        if (convention == Convention.TRANSFORMERS_INTERPRET && baseline != Baseline.PAD) {
            throw new IllegalArgumentException("the transformers-interpret convention has only the baseline pad, not "
                    + baseline.id() + "; leave the convention out to use it");
        }
        if (convention == Convention.DEFAULT && embedding == Embedding.POSITION) {
            throw new IllegalArgumentException(
                    "position embeddings can be explained in the transformers-interpret convention only");
        }
        if (internalBatchSize < 0 || memoryBudget < 1 || stride < 0 || maxAnswerTokens < 1) {
            throw new IllegalArgumentException("internalBatchSize and stride must not be negative,"
                    + " memoryBudget and maxAnswerTokens must be positive");
        }
    }

    public QaOptions withConvention(Convention value) {
        return new QaOptions(value, nSteps, quadrature, baseline, embedding, internalBatchSize, memoryBudget, stride,
                maxAnswerTokens, allowNoAnswer, progress);
    }

    public QaOptions withNSteps(int value) {
        return new QaOptions(convention, value, quadrature, baseline, embedding, internalBatchSize, memoryBudget,
                stride,
                maxAnswerTokens, allowNoAnswer, progress);
    }

    public QaOptions withQuadrature(Quadrature value) {
        return new QaOptions(convention, nSteps, value, baseline, embedding, internalBatchSize, memoryBudget, stride,
                maxAnswerTokens, allowNoAnswer, progress);
    }

    public QaOptions withBaseline(Baseline value) {
        return new QaOptions(convention, nSteps, quadrature, value, embedding, internalBatchSize, memoryBudget, stride,
                maxAnswerTokens, allowNoAnswer, progress);
    }

    public QaOptions withEmbedding(Embedding value) {
        return new QaOptions(convention, nSteps, quadrature, baseline, value, internalBatchSize, memoryBudget, stride,
                maxAnswerTokens, allowNoAnswer, progress);
    }

    public QaOptions withInternalBatchSize(int value) {
        return new QaOptions(convention, nSteps, quadrature, baseline, embedding, value, memoryBudget, stride,
                maxAnswerTokens, allowNoAnswer, progress);
    }

    public QaOptions withMemoryBudget(long value) {
        return new QaOptions(convention, nSteps, quadrature, baseline, embedding, internalBatchSize, value, stride,
                maxAnswerTokens, allowNoAnswer, progress);
    }

    public QaOptions withStride(int value) {
        return new QaOptions(convention, nSteps, quadrature, baseline, embedding, internalBatchSize, memoryBudget,
                value,
                maxAnswerTokens, allowNoAnswer, progress);
    }

    public QaOptions withAllowNoAnswer(boolean value) {
        return new QaOptions(convention, nSteps, quadrature, baseline, embedding, internalBatchSize, memoryBudget,
                stride,
                maxAnswerTokens, value, progress);
    }

    public QaOptions withProgress(Progress value) {
        return new QaOptions(convention, nSteps, quadrature, baseline, embedding, internalBatchSize, memoryBudget,
                stride,
                maxAnswerTokens, allowNoAnswer, value);
    }
}
