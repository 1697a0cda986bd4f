package dev.limpid.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.explain.LimpidModel;
import dev.limpid.attribution.explain.SimilarityExplainer;
import dev.limpid.bert.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code limpid similarity}: how alike an embedding model finds two texts, and why. */
@Command(name = "similarity", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false, description = {
        "Compare the vectors of two texts, and show which words make them alike.",
        "Without arguments: two sentences, by the embedded model."}, optionListHeading = "%nOptions:%n", footerHeading = "%nExamples:%n", footer = {
                "  limpid similarity",
                "  limpid similarity --text \"a man eats\" --pair \"somebody has a meal\" --words --html page.html",
                "  limpid similarity --model my-sentence-transformer --input pairs.csv --output explained.jsonl"})
final class SimilarityCommand implements Runnable {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Mixin
    private PairInputOptions input = new PairInputOptions();

    @Option(names = "--pooling", paramLabel = "NAME", description = "How the vectors of tokens make one: mean or cls (default: as the model's 1_Pooling/config.json says, else mean).")
    private String pooling;

    @Mixin
    private TextCommandOptions common = new TextCommandOptions();

    SimilarityCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        Pooling chosen = pooling();
        common.run(terminal, spec, new TextTask(PairInputOptions.FIELDS, input.given(),
                Map.of(TextTask.TEXT, "A man is eating a bowl of pasta.", TextTask.PAIR,
                        "Someone has noodles for dinner."),
                common.model()::encoder, model -> explainer(model, chosen)));
    }

    private TextTask.Explainer explainer(LimpidModel model, Pooling chosen) {
        if (common.options().convention() == Convention.TRANSFORMERS_INTERPRET) {
            throw new UsageException("transformers-interpret does not explain the likeness of texts; leave --convention"
                    + " out");
        }
        SimilarityExplainer explainer = model.similarity();
        return TextTask.oneByOne((texts, how) -> explainer.explain(texts.get(TextTask.TEXT), texts.get(TextTask.PAIR),
                chosen, how));
    }

    private Pooling pooling() {
        if (pooling == null) {
            return common.model().isEmbedded() ? Pooling.MEAN : ofModel(common.model().directory());
        }
        return switch (pooling) {
            case "mean" -> Pooling.MEAN;
            case "cls" -> Pooling.CLS;
            default ->
                throw new UsageException("--pooling: there is no pooling '" + pooling + "'; known are mean, cls");
        };
    }

    /** As sentence-transformers saves it. */
    private static Pooling ofModel(Path model) {
        Path file = model.resolve("1_Pooling/config.json");
        if (!Files.isRegularFile(file)) {
            return Pooling.MEAN;
        }
        try {
            JsonNode config = new ObjectMapper().readTree(file.toFile());
            if (config.path("pooling_mode_mean_tokens").asBoolean()) {
                return Pooling.MEAN;
            }
            if (config.path("pooling_mode_cls_token").asBoolean()) {
                return Pooling.CLS;
            }
        } catch (IOException e) {
            throw new UsageException(file + " cannot be read as JSON; mend it, or say --pooling mean or cls", e);
        }
        throw new UsageException(file + " asks for a pooling other than mean and cls, which is not supported;"
                + " --pooling mean or cls overrules it");
    }
}
