package dev.limpid.cli;

import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.explain.LimpidModel;
import dev.limpid.attribution.explain.TextOptions;
import dev.limpid.attribution.explain.ZeroShotExplainer;
import dev.limpid.attribution.explain.ZeroShotOptions;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code limpid zero-shot}: which of any labels fit a text, and why. */
@Command(name = "zero-shot", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false, description = "Choose among labels the model was never trained for, by a model of natural language inference, and show which words speak for each.", optionListHeading = "%nOptions:%n", footerHeading = "%nExamples:%n", footer = {
        "  limpid zero-shot --model my-nli-model --text \"The match went to penalties.\" --labels sports,politics,weather",
        "  limpid zero-shot --model my-nli-model --input news.txt --labels sports,politics --output explained.jsonl"})
final class ZeroShotCommand implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Mixin
    private TextInputOptions input = new TextInputOptions();

    @Option(names = "--labels", paramLabel = "A,B,…", split = ",", required = true, description = "The labels to choose among.")
    private List<String> labels;

    @Option(names = "--hypothesis-template", paramLabel = "T", description = "What a label says of the text; {} is its place (default: This example is {}.; with transformers-interpret: this text is about {} .).")
    private String template;

    @Option(names = "--include-hypothesis", description = "Explain the words of the hypothesis too.")
    private boolean includeHypothesis;

    @Option(names = "--multi-label", description = "Each label is right or wrong by itself.")
    private boolean multiLabel;

    @Mixin
    private TextCommandOptions common = new TextCommandOptions();

    ZeroShotCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        labels.forEach(label -> Arguments.requireWords("--labels", Arguments.requireDecoded("--labels", label)));
        Arguments.requireDecoded("--hypothesis-template", template == null ? "" : template);
        common.run(terminal, spec, new TextTask(List.of(TextTask.TEXT), input.given(), Map.of(),
                load -> common.model().own(load, "BertForSequenceClassification trained on natural language inference"),
                this::explainer));
    }

    private TextTask.Explainer explainer(LimpidModel model) {
        ZeroShotExplainer explainer = model.zeroShot();
        ZeroShotOptions checked = options(common.options());
        return TextTask.oneByOne(
                (texts, how) -> explainer.explain(texts.get(TextTask.TEXT), labels, checked.withText(how)));
    }

    private ZeroShotOptions options(TextOptions how) {
        ZeroShotOptions usual = how.convention() == Convention.TRANSFORMERS_INTERPRET
                ? ZeroShotOptions.TRANSFORMERS_INTERPRET
                : ZeroShotOptions.DEFAULT;
        return new ZeroShotOptions(how, template == null ? usual.hypothesisTemplate() : template, includeHypothesis,
                multiLabel);
    }
}
