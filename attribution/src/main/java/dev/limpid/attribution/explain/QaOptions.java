package dev.limpid.attribution.explain;

import dev.limpid.attribution.Progress;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import java.util.function.Consumer;

/**
 * How a question-answering prediction is to be explained.
 *
 * @param convention which rules to follow
 * @param nSteps nodes of the quadrature
 * @param quadrature the rule
 * @param baseline what the path starts from; the transformers-interpret convention knows only {@link Baseline#PAD}
 * @param embedding the point of the network the path runs through
 * @param internalBatchSize rows in one pass; 0 to follow the memory budget
 * @param memoryBudget bytes a pass may take; 0 for what the device suggests
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
            Embedding.BLOCK, 0, 0, 128, 30, false, Progress.NONE);

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
        if (internalBatchSize < 0 || memoryBudget < 0 || stride < 0 || maxAnswerTokens < 1) {
            throw new IllegalArgumentException("internalBatchSize, memoryBudget and stride must not be negative,"
                    + " maxAnswerTokens must be positive");
        }
    }

    /** How much a pass may take, and who is told of the work done. */
    RunOptions run() {
        return new RunOptions(internalBatchSize, memoryBudget, progress);
    }

    /** The components, while one of them changes. */
    private static final class Draft {
        Convention convention;
        int nSteps;
        Quadrature quadrature;
        Baseline baseline;
        Embedding embedding;
        int internalBatchSize;
        long memoryBudget;
        int stride;
        int maxAnswerTokens;
        boolean allowNoAnswer;
        Progress progress;
    }

    private QaOptions with(Consumer<Draft> change) {
        Draft d = new Draft();
        d.convention = convention;
        d.nSteps = nSteps;
        d.quadrature = quadrature;
        d.baseline = baseline;
        d.embedding = embedding;
        d.internalBatchSize = internalBatchSize;
        d.memoryBudget = memoryBudget;
        d.stride = stride;
        d.maxAnswerTokens = maxAnswerTokens;
        d.allowNoAnswer = allowNoAnswer;
        d.progress = progress;
        change.accept(d);
        return new QaOptions(d.convention, d.nSteps, d.quadrature, d.baseline, d.embedding, d.internalBatchSize,
                d.memoryBudget, d.stride, d.maxAnswerTokens, d.allowNoAnswer, d.progress);
    }

    public QaOptions withConvention(Convention value) {
        return with(d -> d.convention = value);
    }

    public QaOptions withNSteps(int value) {
        return with(d -> d.nSteps = value);
    }

    public QaOptions withQuadrature(Quadrature value) {
        return with(d -> d.quadrature = value);
    }

    public QaOptions withBaseline(Baseline value) {
        return with(d -> d.baseline = value);
    }

    public QaOptions withEmbedding(Embedding value) {
        return with(d -> d.embedding = value);
    }

    public QaOptions withInternalBatchSize(int value) {
        return with(d -> d.internalBatchSize = value);
    }

    public QaOptions withMemoryBudget(long value) {
        return with(d -> d.memoryBudget = value);
    }

    public QaOptions withStride(int value) {
        return with(d -> d.stride = value);
    }

    public QaOptions withMaxAnswerTokens(int value) {
        return with(d -> d.maxAnswerTokens = value);
    }

    public QaOptions withAllowNoAnswer(boolean value) {
        return with(d -> d.allowNoAnswer = value);
    }

    public QaOptions withProgress(Progress value) {
        return with(d -> d.progress = value);
    }
}
