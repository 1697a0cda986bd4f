package dev.limpid.cli;

import dev.limpid.attribution.explain.LimpidModel;
import dev.limpid.attribution.explain.LoadOptions;
import dev.limpid.attribution.explain.TextExplanation;
import dev.limpid.attribution.explain.TextOptions;
import dev.limpid.attribution.render.HtmlPage;
import dev.limpid.attribution.render.JsonDocument;
import dev.limpid.attribution.render.TextDetails;
import dev.limpid.attribution.render.TokenBar;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What all commands about texts have in common: the options beside the texts, and how explanations are made and written. */
final class TextCommandOptions {
    private static final String HTML = "--html";

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Mixin
    private AdapterOption adapter = new AdapterOption();

    @Mixin
    private TextMethodOptions method = new TextMethodOptions();

    @Option(names = "--words", description = "Show whole words in place of their pieces; JSON has both.")
    private boolean words;

    @Option(names = HTML, paramLabel = "FILE", description = "Write the explanation as a web page.")
    private Path html;

    @Option(names = "--json", paramLabel = "FILE", description = "Write it as JSON; - for standard output, and nothing else there.")
    private String json;

    @Mixin
    private BatchOptions batch = new BatchOptions();

    @Mixin
    private DeviceChoice device = new DeviceChoice();

    @Option(names = {"--no-colour", "--no-color"}, description = "No colours; the same as setting NO_COLOR.")
    private boolean noColour;

    ModelOptions model() {
        return model;
    }

    /**
     * How to explain, but for the progress.
     *
     * @throws UsageException if options contradict each other or are out of range
     */
    TextOptions options() {
        return method.toTextOptions();
    }

    /** Whether the model is the embedded one as it is. */
    boolean isEmbedded() {
        return model.isEmbedded() && !adapter.given();
    }

    /**
     * Explains what is given, or every record of a file, and writes it.
     *
     * @param command for what the call says
     */
    void run(Terminal terminal, CommandSpec command, TextTask task) {
        TextOptions options = options();
        LoadOptions load = adapter.addTo(device.toLoadOptions());
        if (batch.given(command)) {
            List<Path> folders = Stream.of(model.directory(), load.adapter()).filter(Objects::nonNull).toList();
            batch.run(terminal, task.fields(), task.given(), folders, () -> task.load().apply(load),
                    (loaded, progress) -> {
                        TextTask.Explainer explainer = explainer(task, loaded);
                        TextOptions told = options.withRun(options.run().withProgress(progress));
                        return inputs -> explainer.explain(inputs, told).stream()
                                .map(explanation -> JsonDocument.line(explanation, details())).toList();
                    });
            return;
        }
        Map<String, String> texts = texts(command, task);
        Outputs outputs = Outputs.of(json, List.of(), new OutputFile(HTML, html));
        TextExplanation explanation = explain(terminal, task, texts, load, options);
        outputs.write(terminal, option -> (option.equals(HTML)
                ? HtmlPage.of(explanation, details())
                : JsonDocument.of(explanation, details())).getBytes(StandardCharsets.UTF_8));
        if (!outputs.jsonToStandardOutput()) {
            terminal.print((task.given().isEmpty() ? header(task, texts) : "")
                    + TokenBar.of(explanation, details(), terminal.colour() && !noColour, terminal.width()));
        }
    }

    private TextDetails details() {
        return words ? TextDetails.WORDS : TextDetails.TOKENS;
    }

    private Map<String, String> texts(CommandSpec command, TextTask task) {
        if (task.given().isEmpty() && model.isEmbedded() && !task.example().isEmpty()) {
            return task.example();
        }
        List<String> missing = task.fields().stream().filter(field -> !task.given().containsKey(field))
                .map(field -> "--" + field).toList();
        if (!missing.isEmpty()) {
            throw new UsageException("limpid " + command.name() + " needs " + String.join(" and ", missing)
                    + ", or --input with a file of them");
        }
        return task.given();
    }

    private TextExplanation explain(Terminal terminal, TextTask task, Map<String, String> texts, LoadOptions load,
            TextOptions options) {
        try (ProgressLine progress = new ProgressLine(terminal); LimpidModel loaded = task.load().apply(load)) {
            return explainer(task, loaded).explain(List.of(texts),
                    options.withRun(options.run().withProgress(progress))).getFirst();
        } catch (ArithmeticException e) {
            throw new UsageException(e.getMessage(), e); // the weights gave a number that is none
        }
    }

    /** What is asked for and does not go together with the model, or with the convention, is the call's fault. */
    private static TextTask.Explainer explainer(TextTask task, LimpidModel loaded) {
        try {
            return task.explainer().apply(loaded);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    private static String header(TextTask task, Map<String, String> texts) {
        return task.fields().stream().map(field -> field + "  " + texts.get(field) + "\n")
                .collect(Collectors.joining()) + "\n";
    }
}
