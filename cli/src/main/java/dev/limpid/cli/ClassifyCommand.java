package dev.limpid.cli;

import dev.limpid.attribution.explain.ClassificationOptions;
import dev.limpid.attribution.explain.LimpidModel;
import dev.limpid.attribution.explain.TextClassificationExplainer;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code limpid classify}: which class a text has, and why. */
@Command(name = "classify", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false, description = {
        "Classify a text, and show which words the class rests on.",
        "Without arguments: the sentiment of a sentence, by the embedded model."}, optionListHeading = "%nOptions:%n", footerHeading = "%nExamples:%n", footer = {
                "  limpid classify",
                "  limpid classify --text \"The plot was thin and the acting dreadful.\" --words --html page.html",
                "  limpid classify --model my-bert --text \"…\" --contrast sports,politics",
                "  limpid classify --input reviews.csv --output explained.jsonl"})
final class ClassifyCommand implements Runnable {
    /** Of the embedded model: its adapter has no names for them. */
    private static final List<String> SENTIMENT = List.of("negative", "positive");

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Mixin
    private TextInputOptions input = new TextInputOptions();

    @ArgGroup(exclusive = true)
    private ClassTargetOptions target = new ClassTargetOptions();

    @Option(names = "--labels", paramLabel = "A,B,…", split = ",", description = "Names for the model's classes, in its order, in place of its own.")
    private List<String> labels;

    @Option(names = "--flip-sign", description = "Of a model with a single score: explain why it is not higher.")
    private boolean flipSign;

    @Mixin
    private TextCommandOptions common = new TextCommandOptions();

    ClassifyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        target.check();
        common.run(terminal, spec, new TextTask(List.of(TextTask.TEXT), input.given(),
                Map.of(TextTask.TEXT, "The food was wonderful, but the waiter could not have been ruder."),
                common.model()::sentiment, this::explainer));
    }

    private TextTask.Explainer explainer(LimpidModel model) {
        TextClassificationExplainer explainer = model.textClassification();
        List<String> names = labels == null && common.isEmbedded() ? SENTIMENT : labels;
        ClassificationOptions options = ClassificationOptions.DEFAULT.withLabels(names).withFlipSign(flipSign)
                .withTarget(target.toTarget(names == null ? model.bert().config().labels() : names));
        return (inputs, how) -> explainer.explainAll(TextTask.all(inputs, TextTask.TEXT), options.withText(how));
    }
}
