package dev.limpid.cli;

import dev.limpid.attribution.explain.AttentionExplainer;
import dev.limpid.attribution.explain.AttentionExplanation;
import dev.limpid.attribution.explain.ClassTarget;
import dev.limpid.attribution.explain.LimpidModel;
import dev.limpid.attribution.explain.LoadOptions;
import dev.limpid.attribution.render.AttentionDetails;
import dev.limpid.attribution.render.AttentionMapFile;
import dev.limpid.attribution.render.AttentionReport;
import dev.limpid.attribution.render.JsonDocument;
import dev.limpid.attribution.render.attention.AttentionFigure;
import dev.limpid.attribution.render.attention.AttentionOptions;
import dev.limpid.attribution.render.attention.AttentionPage;
import dev.limpid.attribution.render.attention.AttentionView;
import dev.limpid.vit.image.RgbImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code limpid attention}: shows what a model attends to in a text or an image. */
@Command(name = "attention", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false, description = {
        "Show what a model attends to in a text or an image.",
        "Without arguments: an example, by the embedded model of sentiments."}, optionListHeading = "%nOptions:%n", footerHeading = "%nExamples:%n", footer = {
                "  limpid attention",
                "  limpid attention --text \"A moving film.\" --html page.html",
                "  limpid attention --image photo.jpg --view model --html page.html",
                "  limpid attention --model my-bert --text \"Is it?\" --pair \"It is.\" --json - --map maps.safetensors"})
final class AttentionCommand implements Runnable {
    private static final String HTML = "--html";
    private static final String MAP = "--map";
    private static final int LONGEST_NAME = 100;

    private final Terminal terminal;

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Mixin
    private AdapterOption adapter = new AdapterOption();

    @Mixin
    private AttentionInput input = new AttentionInput();

    @Option(names = "--truncate", description = "Cut off what does not fit the model's window, at the end.")
    private boolean truncate;

    @ArgGroup(exclusive = true)
    private ClassOption target = new ClassOption();

    @Mixin
    private AttentionPageOptions page = new AttentionPageOptions();

    @Option(names = HTML, paramLabel = "FILE", description = "Write a web page to look around in.")
    private Path html;

    @Option(names = "--json", paramLabel = "FILE", description = "Write each token's rollout and relevance as JSON; - for standard output, and nothing else there.")
    private String json;

    @Option(names = MAP, paramLabel = "FILE", description = "Write what every head attends to as safetensors: attention, (layers, heads, tokens, tokens) in F32, and with a class gradient, the slope of its logit.")
    private Path map;

    @Mixin
    private DeviceChoice device = new DeviceChoice();

    AttentionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        AttentionOptions options = page.toAttentionOptions();
        if (html == null && !options.equals(AttentionOptions.DEFAULT)) {
            throw new UsageException(
                    "--view, --layer, --heads, --include-layers and --include-heads say what a page shows;"
                            + " give --html too, or leave them out");
        }
        input.check();
        LoadOptions load = adapter.addTo(device.toLoadOptions());
        Outputs outputs = Outputs.of(json, Stream.ofNullable(input.image()).toList(), new OutputFile(HTML, html),
                new OutputFile(MAP, map));
        AttentionExplanation explanation = explain(load);
        AttentionDetails details = new AttentionDetails(explanation.image() == null ? null : input.imageName(),
                map == null ? null : map.toString());
        outputs.write(terminal, option -> switch (option) {
            case HTML -> page(explanation, options).getBytes(StandardCharsets.UTF_8);
            case MAP -> AttentionMapFile.of(explanation);
            default -> JsonDocument.of(explanation, details).getBytes(StandardCharsets.UTF_8);
        });
        if (!outputs.jsonToStandardOutput()) {
            terminal.print(AttentionReport.of(explanation, details, terminal.width()) + "\n" + written(outputs));
        }
    }

    private AttentionExplanation explain(LoadOptions load) {
        // Read before the model is loaded, so that what is no image is told at once.
        RgbImage given = input.image() == null ? null : input.readImage();
        try (LimpidModel loaded = input.image() == null ? model.sentiment(load) : model.imageClassification(load)) {
            AttentionExplainer explainer = loaded.attention();
            ClassTarget chosen = target.toTarget() == null ? explainer.predicted() : target.toTarget();
            boolean photo = given == null && loaded.looksAtImages() && !input.isText();
            return given != null || photo
                    ? explainer.explain(photo ? input.readImage() : given, chosen)
                    : explainer.explain(input.text(), input.pair(), chosen, truncate);
        } catch (ArithmeticException e) {
            throw new UsageException(e.getMessage(), e); // the weights gave a number that is none
        }
    }

    /** @throws UsageException if the options name a layer or a head that the model does not have */
    private String page(AttentionExplanation explanation, AttentionOptions options) {
        String name = explanation.image() != null
                ? input.imageName()
                : explanation.text() + (explanation.pair() == null ? "" : " · " + explanation.pair());
        AttentionFigure figure = AttentionFigure.of(shortened(name), explanation,
                options.view() == AttentionView.NEURON);
        try {
            return AttentionPage.of(figure, options);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    private static String shortened(String name) {
        return name.codePointCount(0, name.length()) <= LONGEST_NAME
                ? name
                : name.substring(0, name.offsetByCodePoints(0, LONGEST_NAME - 1)) + "…";
    }

    private static String written(Outputs outputs) {
        return outputs.files().isEmpty()
                ? "To look around in it: --html attention.html writes a page with every layer and head.\n"
                : outputs.files().stream().map(file -> "wrote  " + file.path() + "\n").collect(Collectors.joining());
    }
}
