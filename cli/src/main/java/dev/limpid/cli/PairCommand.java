package dev.limpid.cli;

import dev.limpid.attribution.explain.ClassificationOptions;
import dev.limpid.attribution.explain.LimpidModel;
import dev.limpid.attribution.explain.PairClassificationExplainer;
import dev.limpid.attribution.explain.TextPair;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code limpid pair}: what a cross-encoder makes of two texts together, and why. */
@Command(name = "pair", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false, description = "Classify two texts together, as cross-encoders do, and show which words of both it rests on.", optionListHeading = "%nOptions:%n", footerHeading = "%nExamples:%n", footer = {
        "  limpid pair --model my-cross-encoder --text \"How many people live in Berlin?\" --pair \"Berlin has 3.6 million inhabitants.\"",
        "  limpid pair --model my-cross-encoder --text \"a question\" --input answers.txt --output explained.jsonl"})
final class PairCommand implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Mixin
    private PairInputOptions input = new PairInputOptions();

    @ArgGroup(exclusive = true)
    private ClassTargetOptions target = new ClassTargetOptions();

    @Option(names = "--labels", paramLabel = "A,B,…", split = ",", description = "Names for the model's classes, in its order, in place of its own.")
    private List<String> labels;

    @Option(names = "--flip-sign", description = "Of a model with a single score: explain why it is not higher.")
    private boolean flipSign;

    @Mixin
    private TextCommandOptions common = new TextCommandOptions();

    PairCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        target.check();
        common.run(terminal, spec, new TextTask(PairInputOptions.FIELDS, input.given(), Map.of(),
                load -> common.model().own(load, "BertForSequenceClassification, such as a cross-encoder"),
                this::explainer));
    }

    private TextTask.Explainer explainer(LimpidModel model) {
        PairClassificationExplainer explainer = model.pairClassification();
        ClassificationOptions options = ClassificationOptions.DEFAULT.withLabels(labels).withFlipSign(flipSign)
                .withTarget(target.toTarget(labels == null ? model.bert().config().labels() : labels));
        return (inputs, how) -> explainer.explainAll(inputs.stream()
                .map(texts -> new TextPair(texts.get(TextTask.TEXT), texts.get(TextTask.PAIR))).toList(),
                options.withText(how));
    }
}
