package dev.limpid.cli;

import dev.limpid.attribution.explain.LimpidModel;
import dev.limpid.attribution.explain.LoadOptions;
import dev.limpid.attribution.explain.QaOptions;
import dev.limpid.attribution.explain.QuestionAnsweringExplainer;
import dev.limpid.attribution.explain.QuestionAnsweringExplanation;
import dev.limpid.attribution.explain.QuestionContext;
import dev.limpid.attribution.render.HtmlPage;
import dev.limpid.attribution.render.JsonDocument;
import dev.limpid.attribution.render.TextDetails;
import dev.limpid.attribution.render.TokenBar;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code limpid qa}: answers a question from a context and shows which words the answer rests on. */
@Command(name = "qa", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false, description = {
        "Answer a question from a context, and show which words the answer rests on.",
        "Without arguments: an example, by the embedded model."}, optionListHeading = "%nOptions:%n", footerHeading = "%nExamples:%n", footer = {
                "  limpid qa",
                "  limpid qa --question \"Where is it?\" --context \"It is in Paris.\" --html page.html",
                "  limpid qa --model my-bert --question \"Who?\" --context-file page.txt --json -",
                "  limpid qa --input questions.jsonl --output explained.jsonl"})
final class QaCommand implements Runnable {
    private static final String QUESTION = "question";
    private static final String CONTEXT = "context";

    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Mixin
    private AdapterOption adapter = new AdapterOption();

    @Option(names = "--question", paramLabel = "Q", description = "The question.")
    private String question;

    @ArgGroup(exclusive = true)
    private ContextOptions context = new ContextOptions();

    @Mixin
    private ExplanationOptions explanation = new ExplanationOptions();

    @Option(names = "--words", description = "Show whole words in place of their pieces; JSON has both.")
    private boolean words;

    @Option(names = "--html", paramLabel = "FILE", description = "Write the explanation as a web page.")
    private Path html;

    @Option(names = "--json", paramLabel = "FILE", description = "Write it as JSON; - for standard output, and nothing else there.")
    private String json;

    @Mixin
    private BatchOptions batch = new BatchOptions();

    @Mixin
    private DeviceChoice device = new DeviceChoice();

    @Option(names = {"--no-colour", "--no-color"}, description = "No colours; the same as setting NO_COLOR.")
    private boolean noColour;

    QaCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        QaOptions options = explanation.toQaOptions();
        LoadOptions load = adapter.addTo(device.toLoadOptions());
        if (batch.given(spec)) {
            runBatch(load, options);
            return;
        }
        Question asked = asked();
        Outputs outputs = Outputs.of(json, Stream.ofNullable(context.file()).toList(), new OutputFile("--html", html));
        QuestionAnsweringExplanation result = explain(asked, load, options);
        outputs.write(terminal,
                option -> (option.equals("--html")
                        ? HtmlPage.of(result, details())
                        : JsonDocument.of(result, details()))
                        .getBytes(StandardCharsets.UTF_8));
        if (!outputs.jsonToStandardOutput()) {
            terminal.print((asked.isExample() ? header(asked) : "")
                    + TokenBar.of(result, details(), terminal.colour() && !noColour, terminal.width()));
        }
    }

    private void runBatch(LoadOptions load, QaOptions options) {
        Map<String, String> common = new TreeMap<>();
        if (question != null) {
            common.put(QUESTION,
                    Arguments.requireWords("--question", Arguments.requireDecoded("--question", question)));
        }
        if (context.given()) {
            common.put(CONTEXT, context.text());
        }
        List<Path> folders = Stream.of(model.directory(), load.adapter()).filter(Objects::nonNull).toList();
        batch.run(terminal, List.of(QUESTION, CONTEXT), common, folders, () -> model.questionAnswering(load),
                (loaded, progress) -> {
                    QuestionAnsweringExplainer explainer = loaded.questionAnswering();
                    QaOptions told = options.withProgress(progress);
                    return records -> explainer.explainAll(records.stream()
                            .map(fields -> new QuestionContext(fields.get(QUESTION), fields.get(CONTEXT))).toList(),
                            told).stream().map(explanation -> JsonDocument.line(explanation, details())).toList();
                });
    }

    private Question asked() {
        if (question == null && !context.given() && model.isEmbedded()) {
            return Question.EXAMPLE;
        }
        if (question == null || !context.given()) {
            throw new UsageException("limpid qa needs " + (question == null ? "--question" : "")
                    + (question == null && !context.given() ? " and " : "")
                    + (context.given() ? "" : "--context or --context-file") + (model.isEmbedded()
                            ? "; with neither question nor context it explains the built-in example"
                            : " with --model; only the embedded model has a built-in example"));
        }
        return new Question(Arguments.requireWords("--question", Arguments.requireDecoded("--question", question)),
                context.text(), false);
    }

    private QuestionAnsweringExplanation explain(Question asked, LoadOptions load, QaOptions options) {
        try (ProgressLine progress = new ProgressLine(terminal); LimpidModel loaded = model.questionAnswering(load)) {
            return loaded.questionAnswering().explain(asked.question(), asked.context(),
                    options.withProgress(progress));
        } catch (ArithmeticException e) {
            throw new UsageException(e.getMessage(), e); // the weights gave a number that is none
        }
    }

    private TextDetails details() {
        return words ? TextDetails.WORDS : TextDetails.TOKENS;
    }

    private static String header(Question asked) {
        return "question  " + asked.question() + "\ncontext   " + asked.context() + "\n";
    }
}
