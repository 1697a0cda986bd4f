package dev.limpid.attribution.render.picture;

import dev.limpid.attribution.render.Html;
import dev.limpid.attribution.render.PageFooter;
import dev.limpid.attribution.render.PageFrame;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Explained images as HTML, to look around in: all views, signs, patches and colours, a slider for the overlay and one for outliers, and the attribution
 * under the pointer or under a cursor moved with the arrow keys.
 *
 * <p>The page is valid HTML5 in UTF-8 with everything inside: a content security policy forbids to fetch anything and to run any script but its own.
 * Without script, and on paper before it ran, it shows the view the options ask for. Every text from outside is escaped.
 */
public final class ImagePage {
    private static final String STYLE = resource("image-page.css");
    private static final String SCRIPT = resource("image-page.js");

    private ImagePage() {}

    private static String resource(String name) {
        try (InputStream in = ImagePage.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The page of these figures, at least one.
     *
     * @param options what is shown first; the original always stands to the left, and numbers at colour bars are attributions
     * @throws IllegalArgumentException if there is no figure
     */
    public static String of(List<ImageFigure> figures, PictureOptions options) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("a page needs a figure");
        }
        boolean several = figures.size() > 1;
        String title = several ? figures.size() + " images" : figures.getFirst().name();
        StringBuilder html = new StringBuilder("<header>\n<p class=\"kicker\">Image classification, explained</p>\n");
        html.append(several ? "<h1>" + title + "</h1>" : Html.isolated("h1", title)).append("\n</header>\n");
        ImageControls.append(html, options, several);
        List<Panel> panels = Panel.of(figures, options);
        for (int f = 0; f < panels.size(); f++) {
            new ImageSection(f, panels.get(f), options).append(html, several);
        }
        appendFooter(html, figures);
        html.append("<script type=\"application/json\" id=\"data\">").append(ImageData.json(figures))
                .append("</script>\n");
        return PageFrame.page(title, html, STYLE, SCRIPT);
    }

    private static void appendFooter(StringBuilder html, List<ImageFigure> figures) {
        new PageFooter()
                .meaning("Score",
                        "The model's logit for the class explained: the higher, the surer; it has no unit and is no"
                                + " probability.")
                .meaning("Baseline score", "The same number for the baseline; the attributions explain the difference.")
                .meaning("Attribution",
                        "What a pixel's red, green or blue added to the score, or took from it, in the score's unit. A"
                                + " pixel's attribution is the sum of its channels', a patch's that of its pixels.")
                .meaning("Attribution sum", "The sum of all attributions.")
                .meaning("Delta",
                        "The attribution sum − (score − baseline score): what the integration missed; the closer to 0,"
                                + " the more exact the attributions.")
                .meaning("Outliers",
                        "The strongest attributions that together hold this share of the total have the strongest"
                                + " colour, so that a few of them do not make all others look pale; the numbers at the"
                                + " colour bar are where that begins.")
                .fact("Model", distinct(figures, ImageFigure::model))
                .fact("Device", distinct(figures, figure -> figure.device() + ", " + figure.precision()))
                .append(html);
    }

    private static String distinct(List<ImageFigure> figures, Function<ImageFigure, String> fact) {
        return figures.stream().map(fact).distinct().collect(Collectors.joining("; "));
    }
}
