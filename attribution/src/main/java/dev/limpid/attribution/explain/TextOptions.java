package dev.limpid.attribution.explain;

import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Steps;

/**
 * How a prediction about a text is to be explained, whatever the task.
 *
 * @param convention which rules to follow
 * @param method the method
 * @param baseline what the path starts from
 * @param embedding the point of the network the path runs through
 * @param scoreKind what is explained of a class: its logit or its probability
 * @param truncate whether a text longer than the model's window may be cut at its end; without that it is refused
 * @param run how much a pass may take, and who is told of the work done
 */
public record TextOptions(Convention convention, TextMethod method, Baseline baseline, Embedding embedding,
        ScoreKind scoreKind, boolean truncate, RunOptions run) {
    /** The default convention: the logit, integrated gradients with as many nodes as it takes, from the [PAD] baseline at the output of the embeddings block. */
    public static final TextOptions DEFAULT = new TextOptions(Convention.DEFAULT, TextMethod.DEFAULT, Baseline.PAD,
            Embedding.BLOCK, ScoreKind.LOGIT, false, RunOptions.DEFAULT);

    /** What transformers-interpret does when asked for nothing special: the probability, integrated gradients of the word embeddings with 50 nodes of Gauss and
     * Legendre. */
    public static final TextOptions TRANSFORMERS_INTERPRET = new TextOptions(Convention.TRANSFORMERS_INTERPRET,
            TextMethod.of(new IntegratedGradients(Steps.FIFTY)), Baseline.PAD, Embedding.WORD, ScoreKind.PROBABILITY,
            false, RunOptions.DEFAULT);

    public TextOptions {
        if (scoreKind == ScoreKind.COSINE) {
            throw new IllegalArgumentException("a class has a logit and a probability, but no cosine; use one of them");
        }
        if (convention == Convention.TRANSFORMERS_INTERPRET) {
            refuse(baseline != Baseline.PAD, "the baseline pad", baseline.id());
            refuse(scoreKind != ScoreKind.PROBABILITY, "probabilities", scoreKind.id());
            refuse(embedding == Embedding.BLOCK, "word and position embeddings for this task", "the embeddings block");
            if (method instanceof TextMethod.Summed(IntegratedGradients(Steps steps))) {
                convention.requireSteps(steps);
            } else {
                refuse(true, "integrated gradients", "another method");
            }
            refuse(truncate, "whole texts", "truncation");
        } else if (embedding == Embedding.POSITION) {
            throw new IllegalArgumentException(
                    "position embeddings can be explained in the transformers-interpret convention only");
        }
    }

    /** Refuses the other convention for tasks that transformers-interpret has not. */
    static void requireDefault(TextOptions options, String task) {
        if (options.convention() != Convention.DEFAULT) {
            throw new IllegalArgumentException(
                    "transformers-interpret has no explainer for " + task + "; leave its convention out");
        }
    }

    private static void refuse(boolean different, String has, String wanted) {
        if (different) {
            throw new IllegalArgumentException("the transformers-interpret convention has only " + has + ", not "
                    + wanted + "; leave the convention out to use it");
        }
    }

    public TextOptions withMethod(TextMethod value) {
        return new TextOptions(convention, value, baseline, embedding, scoreKind, truncate, run);
    }

    public TextOptions withBaseline(Baseline value) {
        return new TextOptions(convention, method, value, embedding, scoreKind, truncate, run);
    }

    public TextOptions withEmbedding(Embedding value) {
        return new TextOptions(convention, method, baseline, value, scoreKind, truncate, run);
    }

    public TextOptions withScoreKind(ScoreKind value) {
        return new TextOptions(convention, method, baseline, embedding, value, truncate, run);
    }

    public TextOptions withTruncate(boolean value) {
        return new TextOptions(convention, method, baseline, embedding, scoreKind, value, run);
    }

    public TextOptions withRun(RunOptions value) {
        return new TextOptions(convention, method, baseline, embedding, scoreKind, truncate, value);
    }
}
