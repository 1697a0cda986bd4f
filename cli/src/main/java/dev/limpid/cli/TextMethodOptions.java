package dev.limpid.cli;

import dev.limpid.attribution.Idgi;
import dev.limpid.attribution.InputXGradient;
import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.Progress;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Saliency;
import dev.limpid.attribution.Steps;
import dev.limpid.attribution.attention.AttentionRollout;
import dev.limpid.attribution.attention.GradientWeightedAttention;
import dev.limpid.attribution.explain.Baseline;
import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.explain.Embedding;
import dev.limpid.attribution.explain.ScoreKind;
import dev.limpid.attribution.explain.TextMethod;
import dev.limpid.attribution.explain.TextOptions;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say how to explain a text. */
final class TextMethodOptions {
    private static final String INTEGRATED_GRADIENTS = "integrated-gradients";
    private static final String IDGI = "idgi";
    private static final String LEAVE_ONE_OUT = "leave-one-out";
    private static final String ROLLOUT = "attention-rollout";
    private static final String WEIGHTED_ATTENTION = "gradient-weighted-attention";
    private static final List<String> METHODS = List.of(INTEGRATED_GRADIENTS, "saliency", "gradient",
            "input-x-gradient", LEAVE_ONE_OUT, IDGI, ROLLOUT, WEIGHTED_ATTENTION);

    @Option(names = "--method", paramLabel = "NAME", defaultValue = INTEGRATED_GRADIENTS, description = "How to attribute: integrated-gradients, saliency, gradient, input-x-gradient,"
            + " leave-one-out, idgi, attention-rollout or gradient-weighted-attention (default: ${DEFAULT-VALUE}).")
    private String method;

    @Option(names = "--convention", paramLabel = "NAME", defaultValue = "default", description = "Whose rules: default, or transformers-interpret for its numbers and its table.")
    private String convention;

    @Option(names = "--score", paramLabel = "NAME", description = "What is explained of a class: its logit, or its probability (default: logit; with transformers-interpret probability).")
    private String score;

    @Option(names = "--baseline", paramLabel = "NAME", description = "What the text is compared with: pad, mask, zero or mean (default: pad).")
    private String baseline;

    @Mixin
    private StepsOptions steps = new StepsOptions();

    @Option(names = "--embedding", paramLabel = "NAME", description = "Where the path runs: block (the output of the embeddings), word, or position (with transformers-interpret only)"
            + " (default: block; with transformers-interpret word).")
    private String embedding;

    @Option(names = "--truncate", description = "Cut off the end of a text that is longer than the model's window, in place of refusing it.")
    private boolean truncate;

    @Mixin
    private BudgetOptions budget = new BudgetOptions();

    /**
     * The same as the library has it.
     *
     * @throws UsageException if options contradict each other or are out of range
     */
    TextOptions toTextOptions() {
        try {
            Convention rules = Convention.named(convention);
            boolean interpret = rules == Convention.TRANSFORMERS_INTERPRET;
            TextOptions usual = interpret ? TextOptions.TRANSFORMERS_INTERPRET : TextOptions.DEFAULT;
            checkMethod();
            return new TextOptions(rules, method(rules),
                    baseline == null ? usual.baseline() : Baseline.named(baseline),
                    embedding == null ? usual.embedding() : embedding(),
                    score == null ? usual.scoreKind() : scoreKind(), truncate,
                    new RunOptions(budget.internalBatchSize(), budget.memory(), Progress.NONE));
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    private void checkMethod() {
        if (!METHODS.contains(method)) {
            throw new UsageException("--method: there is no method '" + method + "'; known are "
                    + String.join(", ", METHODS));
        }
        boolean integrates = method.equals(INTEGRATED_GRADIENTS);
        if (!integrates) {
            steps.requireNone(method, !method.equals(IDGI));
        }
        if (baseline != null && !integrates && !method.equals(IDGI) && !method.equals(LEAVE_ONE_OUT)) {
            throw new UsageException("--baseline has no meaning for --method " + method + "; leave it out");
        }
    }

    private TextMethod method(Convention rules) {
        return switch (method) {
            case "saliency" -> TextMethod.of(new Saliency(false));
            case "gradient" -> TextMethod.of(new Saliency(true));
            case "input-x-gradient" -> TextMethod.of(new InputXGradient());
            case LEAVE_ONE_OUT -> TextMethod.LEAVE_ONE_OUT;
            case ROLLOUT -> TextMethod.of(AttentionRollout.DEFAULT);
            case WEIGHTED_ATTENTION -> TextMethod.of(new GradientWeightedAttention());
            case IDGI -> TextMethod.of(new Idgi(steps.number(method, Steps.FIFTY.nSteps())));
            default -> TextMethod.of(new IntegratedGradients(steps.steps(
                    rules == Convention.DEFAULT ? Steps.AUTO : Steps.FIFTY, Steps.FIFTY.nSteps(), Steps.AUTO)));
        };
    }

    private Embedding embedding() {
        return switch (embedding) {
            case "block", "word", "position" -> Embedding.valueOf(embedding.toUpperCase(Locale.ROOT));
            default -> throw new UsageException("--embedding: there is no embedding '" + embedding
                    + "'; known are block, word, position");
        };
    }

    private ScoreKind scoreKind() {
        return switch (score) {
            case "logit", "probability" -> ScoreKind.valueOf(score.toUpperCase(Locale.ROOT));
            default -> throw new UsageException("--score: there is no score '" + score
                    + "'; known are logit, probability");
        };
    }
}
