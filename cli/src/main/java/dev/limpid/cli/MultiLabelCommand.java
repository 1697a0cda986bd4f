package dev.limpid.cli;

import dev.limpid.attribution.explain.ClassScoring;
import dev.limpid.attribution.explain.ClassTarget;
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

/** {@code limpid multilabel}: which labels a text has, each by itself, and why. */
@Command(name = "multilabel", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false, description = "Score every label of a text by itself, and show which words each rests on; all labels, unless one is chosen.", optionListHeading = "%nOptions:%n", footerHeading = "%nExamples:%n", footer = {
        "  limpid multilabel --model my-toxicity-model --text \"You are a fool.\" --html page.html",
        "  limpid multilabel --model my-toxicity-model --input comments.jsonl --output explained.jsonl --top 2"})
final class MultiLabelCommand implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Mixin
    private TextInputOptions input = new TextInputOptions();

    @ArgGroup(exclusive = true)
    private ClassTargetOptions target = new ClassTargetOptions();

    @Option(names = "--labels", paramLabel = "A,B,…", split = ",", description = "Names for the model's labels, in its order, in place of its own.")
    private List<String> labels;

    @Mixin
    private TextCommandOptions common = new TextCommandOptions();

    MultiLabelCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        target.check();
        common.run(terminal, spec, new TextTask(List.of(TextTask.TEXT), input.given(), Map.of(),
                load -> common.model().own(load, "BertForSequenceClassification with several labels"),
                this::explainer));
    }

    private TextTask.Explainer explainer(LimpidModel model) {
        TextClassificationExplainer explainer = model.textClassification();
        ClassTarget chosen = target.given()
                ? target.toTarget(labels == null ? model.bert().config().labels() : labels)
                : ClassTarget.ALL;
        ClassificationOptions options = ClassificationOptions.DEFAULT.withLabels(labels)
                .withScoring(ClassScoring.SIGMOID).withTarget(chosen);
        return (inputs, how) -> explainer.explainAll(TextTask.all(inputs, TextTask.TEXT), options.withText(how));
    }
}
