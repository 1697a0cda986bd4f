package dev.limpid.cli;

import dev.limpid.attribution.Progress;
import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.explain.ImageClassificationExplainer;
import dev.limpid.attribution.explain.ImageExplanation;
import dev.limpid.attribution.explain.ImageFaithfulness;
import dev.limpid.attribution.explain.ImageOptions;
import dev.limpid.attribution.explain.LimpidModel;
import dev.limpid.attribution.explain.LoadOptions;
import dev.limpid.attribution.render.ImageDetails;
import dev.limpid.attribution.render.ImageReport;
import dev.limpid.attribution.render.JsonDocument;
import dev.limpid.attribution.render.MapFile;
import dev.limpid.attribution.render.picture.ImageFigure;
import dev.limpid.attribution.render.picture.ImageFigures;
import dev.limpid.attribution.render.picture.ImagePage;
import dev.limpid.attribution.render.picture.Picture;
import dev.limpid.attribution.render.picture.PictureOptions;
import dev.limpid.vit.image.RgbImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code limpid image}: classifies images and shows which of their pixels the classes rest on. */
@Command(name = "image", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false, description = {
        "Classify images, and show which of their pixels the classes rest on.",
        "Without arguments: a photo of a cat, by the embedded model."}, optionListHeading = "%nOptions:%n", footerHeading = "%nExamples:%n", footer = {
                "  limpid image",
                "  limpid image --image photo.jpg --out photo-explained.png --side-by-side",
                "  limpid image --image photo.jpg --contrast cat,dog --html page.html",
                "  limpid image --model my-vit --image a.png b.png --top 3 --json - --map maps.safetensors"})
final class ImageCommand implements Runnable {
    private static final String OUT = "--out";
    private static final String HTML = "--html";
    private static final String MAP = "--map";

    private final Terminal terminal;

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Mixin
    private AdapterOption adapter = new AdapterOption();

    @Mixin
    private ImageInputs images = new ImageInputs();

    @ArgGroup(exclusive = true)
    private ClassTargetOptions target = new ClassTargetOptions();

    @Mixin
    private ImageMethodOptions method = new ImageMethodOptions();

    @Option(names = "--metrics", description = "Measure how faithful the explanation is, by some 200 passes through the model: infidelity, deletion and insertion, comprehensiveness, sufficiency.")
    private boolean metrics;

    @Mixin
    private PictureChoice picture = new PictureChoice();

    @Option(names = OUT, paramLabel = "FILE", description = "Draw a picture, as PNG; several images or classes stand below each other.")
    private Path out;

    @Option(names = HTML, paramLabel = "FILE", description = "Write a web page to look around in.")
    private Path html;

    @Option(names = "--json", paramLabel = "FILE", description = "Write it as JSON, a line for each image if there are several; - for standard output, and nothing else there.")
    private String json;

    @Option(names = MAP, paramLabel = "FILE", description = "Write the map as safetensors: attributions and pixels, (C,H,W) in F32; of several images or classes attributions.I.T"
            + " and pixels.I, with image I and class T counted from 1.")
    private Path map;

    @Mixin
    private DeviceChoice device = new DeviceChoice();

    @Option(names = {"--no-colour",
            "--no-color"}, description = "No colours on the terminal; the same as setting NO_COLOR.")
    private boolean noColour;

    ImageCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        ImageOptions options = method.toImageOptions();
        PictureOptions shown = picture.toPictureOptions(options.convention());
        target.check();
        images.check();
        LoadOptions load = adapter.addTo(device.toLoadOptions());
        Outputs outputs = Outputs.of(json, Stream.concat(images.files().stream(), method.baseline().files().stream())
                .toList(), new OutputFile(OUT, out), new OutputFile(HTML, html), new OutputFile(MAP, map));
        warn(shown, options.convention(), outputs);
        MapFile maps = new MapFile(images.count());
        List<ExplainedImage> explained = explain(load, options, outputs, maps);
        outputs.write(terminal, option -> switch (option) {
            case OUT -> Picture.of(figures(explained), shown).png();
            case HTML -> ImagePage.of(figures(explained), shown).getBytes(StandardCharsets.UTF_8);
            case MAP -> maps.bytes();
            default -> explained.stream().map(ExplainedImage::json).collect(Collectors.joining())
                    .getBytes(StandardCharsets.UTF_8);
        });
        if (!outputs.jsonToStandardOutput()) {
            terminal.print(explained.stream().map(ExplainedImage::report).collect(Collectors.joining("\n"))
                    + "\n" + written(outputs));
        }
    }

    private static List<ImageFigure> figures(List<ExplainedImage> explained) {
        return explained.stream().flatMap(one -> one.figures().stream()).toList();
    }

    private List<ExplainedImage> explain(LoadOptions load, ImageOptions options, Outputs outputs, MapFile maps) {
        // Read before the model is loaded, so that what is no image is told at once.
        RgbImage first = images.read(0);
        try (ProgressLine progress = new ProgressLine(terminal);
                LimpidModel loaded = model.imageClassification(load)) {
            ImageClassificationExplainer explainer = loaded.imageClassification();
            ImageOptions complete = method.completed(options, loaded.vit().config())
                    .withTarget(target.toTarget(loaded.vit().config().labels()));
            List<ExplainedImage> explained = new ArrayList<>();
            for (int i = 0; i < images.count(); i++) {
                Progress part = progress.part(i, images.count());
                ImageExplanation explanation = explainer.explain(i == 0 ? first : images.read(i),
                        withProgress(complete, metrics ? part.part(0, 2) : part));
                List<ImageFaithfulness> measured = metrics
                        ? ImageFaithfulness.of(loaded, explanation, withProgress(complete, part.part(1, 2)),
                                method.seed())
                        : List.of();
                explained.add(explained(i, explanation, measured, outputs, maps));
            }
            return explained;
        } catch (ArithmeticException e) {
            throw new UsageException(e.getMessage(), e); // the weights gave a number that is none
        }
    }

    private static ImageOptions withProgress(ImageOptions options, Progress progress) {
        return options.withRun(options.run().withProgress(progress));
    }

    /** What the outputs need of it; the photo itself is large, and only a page shows it. */
    private ExplainedImage explained(int number, ImageExplanation explanation, List<ImageFaithfulness> measured,
            Outputs outputs, MapFile maps) {
        ImageDetails details = ImageDetails.NONE.withName(images.name(number)).withMetrics(measured)
                .withPatches(picture.patches());
        if (method.drawsNoise()) {
            details = details.withSeed(method.seed());
        }
        if (outputs.wants(MAP)) {
            details = details.withMap(map.toString(), maps.add(explanation));
        }
        boolean line = images.count() > 1;
        String document = !outputs.wantsJson()
                ? ""
                : line ? JsonDocument.line(explanation, details) : JsonDocument.of(explanation, details);
        List<ImageFigure> figures = outputs.wants(OUT) || outputs.wants(HTML)
                ? ImageFigures.of(explanation, images.title(number), outputs.wants(HTML))
                : List.of();
        return new ExplainedImage(
                ImageReport.of(explanation, details, terminal.colour() && !noColour, terminal.width()), document,
                figures);
    }

    private void warn(PictureOptions shown, Convention convention, Outputs outputs) {
        boolean drawn = outputs.wants(OUT) || outputs.wants(HTML);
        Stream.concat(target.note(convention).stream(), drawn ? shown.signNote().stream() : Stream.empty())
                .forEach(note -> terminal.err().println("limpid: " + ErrorReport.lowerFirst(note)));
    }

    private static String written(Outputs outputs) {
        return outputs.files().isEmpty()
                ? "To see it: --out cat.png draws a picture, --html cat.html writes a page to look around in.\n"
                : outputs.files().stream().map(file -> "wrote  " + file.path() + "\n").collect(Collectors.joining());
    }
}
