package dev.limpid.cli;

import dev.limpid.attribution.explain.ClassTarget;
import dev.limpid.attribution.explain.FillMaskExplainer;
import dev.limpid.attribution.explain.FillMaskOptions;
import dev.limpid.attribution.explain.LimpidModel;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code limpid fill-mask}: which word fills a gap, and why. */
@Command(name = "fill-mask", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false, description = "Guess the word for a [MASK], and show which words the guess rests on.", optionListHeading = "%nOptions:%n", footerHeading = "%nExamples:%n", footer = {
        "  limpid fill-mask --model bert-base-uncased --text \"Paris is the [MASK] of France.\"",
        "  limpid fill-mask --model bert-base-uncased --text \"The doctor said [MASK] was late.\" --contrast he,she"})
final class FillMaskCommand implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Mixin
    private TextInputOptions input = new TextInputOptions();

    @ArgGroup(exclusive = true)
    private WordTarget target = new WordTarget();

    @Option(names = "--mask", paramLabel = "N", defaultValue = "0", description = "Which of several [MASK]s, from 0 (default: ${DEFAULT-VALUE}).")
    private int mask;

    @Mixin
    private TextCommandOptions common = new TextCommandOptions();

    /** The options that say which word is explained, of which one may be given; the likeliest without any. */
    private static final class WordTarget {
        @Option(names = "--word", paramLabel = "W", description = "Explain this word, a single token of the vocabulary.")
        private String word;

        @Option(names = "--top", paramLabel = "K", description = "Explain the K likeliest words.")
        private Integer top;

        @Option(names = "--contrast", paramLabel = "A,B", split = ",", description = "Explain why word A rather than B.")
        private List<String> contrast;

        ClassTarget toTarget() {
            if (contrast != null && contrast.size() != 2) {
                throw new UsageException("--contrast needs two words with a comma between, such as he,she");
            }
            if (contrast != null) {
                return ClassTarget.contrast(ClassTarget.label(contrast.getFirst()),
                        ClassTarget.label(contrast.getLast()));
            }
            if (top != null && top < 1) {
                throw new UsageException("--top must be 1 or more, not " + top);
            }
            return word != null
                    ? ClassTarget.label(Arguments.requireDecoded("--word", word))
                    : top == null ? ClassTarget.PREDICTED : ClassTarget.top(top);
        }
    }

    FillMaskCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        if (mask < 0) {
            throw new UsageException("--mask must be 0 or more, not " + mask);
        }
        ClassTarget word = target.toTarget();
        common.run(terminal, spec, new TextTask(List.of(TextTask.TEXT), input.given(), Map.of(),
                load -> common.model().own(load, "BertForMaskedLM"), model -> explainer(model, word)));
    }

    private TextTask.Explainer explainer(LimpidModel model, ClassTarget word) {
        FillMaskExplainer explainer = model.fillMask();
        FillMaskOptions options = FillMaskOptions.DEFAULT.withText(common.options()).withTarget(word).withMask(mask);
        return (inputs, how) -> explainer.explainAll(TextTask.all(inputs, TextTask.TEXT), options.withText(how));
    }
}
