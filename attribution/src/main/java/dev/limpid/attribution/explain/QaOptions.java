package dev.limpid.attribution.explain;

import dev.limpid.attribution.Progress;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Steps;
import java.util.function.Consumer;

/**
 * How a question-answering prediction is to be explained.
 *
 * @param convention which rules to follow
 * @param steps the nodes of the quadrature, or how exact it shall be; the transformers-interpret convention knows only the former
 * @param baseline what the path starts from; the transformers-interpret convention knows only {@link Baseline#PAD}
 * @param embedding the point of the network the path runs through
 * @param internalBatchSize rows in one pass; 0 to follow the memory budget
 * @param memoryBudget bytes a pass may take; 0 for what the device suggests
 * @param stride tokens that neighbouring windows of a long context share
 * @param maxAnswerTokens longest answer
 * @param allowNoAnswer whether "no answer" ([CLS]) may win, for models trained on unanswerable questions
 * @param progress told of the work done
 */
public record QaOptions(Convention convention, Steps steps, Baseline baseline, Embedding embedding,
        int internalBatchSize, long memoryBudget, int stride, int maxAnswerTokens, boolean allowNoAnswer,
        Progress progress) {
    /** The default convention: as many nodes as it takes, from the [PAD] baseline. */
    public static final QaOptions DEFAULT = new QaOptions(Convention.DEFAULT, Steps.AUTO, Baseline.PAD,
            Embedding.BLOCK, 0, 0, 128, 30, false, Progress.NONE);

    public QaOptions {
        convention.requireSteps(steps);
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
        Steps steps;
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
        d.steps = steps;
        d.baseline = baseline;
        d.embedding = embedding;
        d.internalBatchSize = internalBatchSize;
        d.memoryBudget = memoryBudget;
        d.stride = stride;
        d.maxAnswerTokens = maxAnswerTokens;
        d.allowNoAnswer = allowNoAnswer;
        d.progress = progress;
        change.accept(d);
        return new QaOptions(d.convention, d.steps, d.baseline, d.embedding, d.internalBatchSize,
                d.memoryBudget, d.stride, d.maxAnswerTokens, d.allowNoAnswer, d.progress);
    }

    /** With these rules; those of transformers-interpret bring {@link Steps#FIFTY} where the nodes are not given. */
    public QaOptions withConvention(Convention value) {
        return with(d -> {
            d.convention = value;
            d.steps = value.steps(steps);
        });
    }

    public QaOptions withSteps(Steps value) {
        return with(d -> d.steps = value);
    }

    /** With so many nodes of Gauss and Legendre. */
    public QaOptions withNSteps(int value) {
        return withSteps(new Steps.Fixed(Quadrature.GAUSS_LEGENDRE, value));
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
