package dev.limpid.cli;

import dev.limpid.attribution.Steps;
import dev.limpid.attribution.explain.Baseline;
import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.explain.QaOptions;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say how to explain. */
final class ExplanationOptions {
    private static final List<String> METHODS = List.of("integrated-gradients");

    @Option(names = "--method", paramLabel = "NAME", defaultValue = "integrated-gradients", description = "How to attribute (default and so far only: ${DEFAULT-VALUE}).")
    private String method;

    @Option(names = "--convention", paramLabel = "NAME", defaultValue = "default", description = "Whose rules: default, or transformers-interpret for its numbers to the digit.")
    private String convention;

    @Option(names = "--baseline", paramLabel = "NAME", defaultValue = "pad", description = "What the path starts from: pad, mask, zero or mean (default: ${DEFAULT-VALUE}).")
    private String baseline;

    @Mixin
    private StepsOptions steps = new StepsOptions();

    @Option(names = "--stride", paramLabel = "N", defaultValue = "128", description = "Tokens that neighbouring windows of a long context share (default: ${DEFAULT-VALUE}).")
    private int stride;

    @Option(names = "--no-answer", description = "Let 'no answer' win, for models trained on questions without one.")
    private boolean noAnswer;

    @Mixin
    private BudgetOptions budget = new BudgetOptions();

    /**
     * The same as the library has it.
     *
     * @throws UsageException if they contradict each other or are out of range
     */
    QaOptions toQaOptions() {
        if (!METHODS.contains(method)) {
            throw new UsageException(
                    "--method: there is no method '" + method + "'; known are " + String.join(", ", METHODS));
        }
        if (stride < 0) {
            throw new UsageException("--stride must be 0 or more, not " + stride);
        }
        try {
            Convention rules = Convention.named(convention);
            QaOptions usual = QaOptions.DEFAULT.withConvention(rules);
            return new QaOptions(rules, steps.steps(usual.steps(), Steps.FIFTY.nSteps(), Steps.AUTO),
                    Baseline.named(baseline),
                    QaOptions.DEFAULT.embedding(), budget.internalBatchSize(),
                    budget.memory(), stride,
                    QaOptions.DEFAULT.maxAnswerTokens(), noAnswer, QaOptions.DEFAULT.progress());
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }
}
