package dev.limpid.cli;

import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.explain.LimpidModel;
import dev.limpid.attribution.explain.TokenClassificationExplainer;
import dev.limpid.attribution.explain.TokenOptions;
import dev.limpid.attribution.explain.TokenOptions.Explained;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code limpid ner}: which labels the tokens of a text have, and why. */
@Command(name = "ner", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false, description = "Find the names in a text, or whatever labels the model gives to tokens, and show which words each rests on.", optionListHeading = "%nOptions:%n", footerHeading = "%nExamples:%n", footer = {
        "  limpid ner --model my-ner-model --text \"Angela Merkel lives in Berlin.\" --html page.html",
        "  limpid ner --model my-ner-model --text \"…\" --explain tokens --ignore-labels O"})
final class NerCommand implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Mixin
    private TextInputOptions input = new TextInputOptions();

    @Option(names = "--explain", paramLabel = "NAME", description = "What an explanation is about: entities or tokens (default: entities; with transformers-interpret tokens).")
    private String explained;

    @Option(names = "--ignore-labels", paramLabel = "A,B,…", split = ",", description = "Labels whose tokens are not explained.")
    private List<String> ignoredLabels = List.of();

    @Option(names = "--ignore-indexes", paramLabel = "I,J,…", split = ",", description = "Positions of tokens that are not explained.")
    private List<Integer> ignoredIndexes = List.of();

    @Mixin
    private TextCommandOptions common = new TextCommandOptions();

    NerCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        common.run(terminal, spec, new TextTask(List.of(TextTask.TEXT), input.given(), Map.of(),
                load -> common.model().own(load, "BertForTokenClassification"), this::explainer));
    }

    private TextTask.Explainer explainer(LimpidModel model) {
        TokenClassificationExplainer explainer = model.tokenClassification();
        TokenOptions options = new TokenOptions(common.options(), Set.copyOf(ignoredLabels),
                Set.copyOf(ignoredIndexes), explained(common.options().convention()));
        return (inputs, how) -> explainer.explainAll(TextTask.all(inputs, TextTask.TEXT), options.withText(how));
    }

    private Explained explained(Convention convention) {
        if (explained == null) {
            return convention == Convention.DEFAULT ? Explained.ENTITIES : Explained.TOKENS;
        }
        return switch (explained) {
            case "entities" -> Explained.ENTITIES;
            case "tokens" -> Explained.TOKENS;
            default -> throw new UsageException(
                    "--explain: '" + explained + "' cannot be explained; known are entities, tokens");
        };
    }
}
