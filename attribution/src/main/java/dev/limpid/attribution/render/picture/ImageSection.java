package dev.limpid.attribution.render.picture;

import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.render.Decimals;
import dev.limpid.attribution.render.Html;
import java.util.Arrays;
import java.util.Base64;

/** An image on a page: the original, the view of its attributions with a colour bar, what was predicted, and how it was explained. */
final class ImageSection {
    /** Longest side of a photo on a page, about twice what is shown of it. */
    private static final int LONGEST = 900;
    private static final int BAR = 256;

    private final int number;
    private final Panel panel;
    private final ImageFigure figure;
    private final PictureOptions options;

    /** @param number of the section on its page, from 0 */
    ImageSection(int number, Panel panel, PictureOptions options) {
        this.number = number;
        this.panel = panel;
        this.figure = panel.figure();
        this.options = options.withConvention(Convention.DEFAULT);
    }

    /** @param named whether the image's name stands above it */
    void append(StringBuilder html, boolean named) {
        html.append("<div class=\"image\" id=\"figure-").append(number).append("\">\n");
        html.append(named ? Html.isolated("h2", figure.name()) + "\n" : "");
        appendAnswer(html, "Predicted", figure.predicted());
        if (!figure.explained().label().equals(figure.predicted())) {
            appendAnswer(html, "Explained", figure.explained().label());
        }
        html.append("<div class=\"panels\">\n");
        appendOriginal(html);
        appendMap(html);
        html.append("<div class=\"about\">\n");
        appendPredictions(html);
        appendFacts(html);
        html.append("</div>\n</div>\n</div>\n");
    }

    private static void appendAnswer(StringBuilder html, String label, String text) {
        html.append("<p class=\"answer\"><span class=\"label\">").append(label).append("</span>")
                .append(Html.isolated("strong", text)).append("</p>\n");
    }

    /** The photo where there is one; the image as the model saw it is there in any case, for the script to read. */
    private void appendOriginal(StringBuilder html) {
        RgbPixels photo = figure.photo();
        html.append("<figure>");
        if (photo != null) {
            RgbPixels reduced = photo.reducedTo(LONGEST);
            appendImage(html, "photo", "The original image", reduced.width(), reduced.height(), "jpeg", reduced.jpeg());
        }
        appendImage(html, photo == null ? "seen sharp" : "seen away", "The image as the model saw it",
                figure.image().width(), figure.image().height(), "png", figure.image().png());
        html.append("<figcaption>")
                .append(photo == null ? "Original image, as the model saw it" : caption(photo, figure.image()))
                .append("</figcaption></figure>\n");
    }

    /** Says so where the model saw a part of the photo, or all of it in another shape: then the map does not lie over the photo. */
    private static String caption(RgbPixels photo, RgbPixels seen) {
        String caption = "Original image, " + photo.width() + " × " + photo.height();
        double stretched = (double) photo.width() * seen.height() / ((double) photo.height() * seen.width());
        return Math.abs(stretched - 1) < 0.02
                ? caption
                : caption + "; the model saw it cut or squeezed to " + seen.width() + " × " + seen.height()
                        + ", and so is the map";
    }

    private static void appendImage(StringBuilder html, String classes, String alternative, int width, int height,
            String type, byte[] bytes) {
        html.append("<img class=\"").append(classes).append("\" alt=\"").append(Html.escape(alternative))
                .append("\" width=\"").append(width).append("\" height=\"").append(height)
                .append("\" src=\"data:image/").append(type).append(";base64,")
                .append(Base64.getEncoder().encodeToString(bytes)).append("\">");
    }

    private void appendMap(StringBuilder html) {
        int width = figure.image().width();
        int height = figure.image().height();
        String readout = "readout-" + number;
        html.append("<figure>\n<div class=\"stage\">");
        appendImage(html, "still", options.view().title() + " of " + figure.name(), width, height, "png",
                panel.pixels().png());
        html.append("<canvas class=\"live\" hidden width=\"").append(width).append("\" height=\"").append(height)
                .append("\" tabindex=\"0\" role=\"application\" aria-label=\"")
                .append(Html.escape("Attributions of " + figure.name() + "; the arrow keys move a cursor"))
                .append("\" aria-describedby=\"").append(readout)
                .append("\"></canvas><span class=\"cursor\" hidden></span></div>\n");
        appendKey(html);
        html.append("<figcaption><p>").append(width).append(" × ").append(height).append(" pixels in patches of ")
                .append(figure.patch().width()).append(" × ").append(figure.patch().height())
                .append(figure.coarseness().isPresent()
                        ? ". The model sees no more of an image than this, enlarged here: the map is coarse."
                        : "")
                .append("</p>\n<p class=\"readout live\" hidden id=\"").append(readout)
                .append("\" aria-live=\"polite\">Point at a pixel, or use the arrow keys, to see its attribution.</p>\n")
                .append("</figcaption>\n</figure>\n");
    }

    private void appendKey(StringBuilder html) {
        ColourBar bar = new ColourBar(options, panel.scale());
        html.append("<div class=\"key").append(options.view().hasColours() ? "" : " without").append("\">");
        appendImage(html, "still", "", BAR, 1, "png", bar.pixels(BAR).png());
        html.append("<canvas class=\"live\" hidden width=\"").append(BAR)
                .append("\" height=\"1\"></canvas><div class=\"ticks\"><span>").append(bar.left())
                .append("</span><span>").append(bar.middle()).append("</span><span>").append(bar.right())
                .append("</span></div></div>\n");
    }

    private void appendPredictions(StringBuilder html) {
        html.append("""
                <table class="numbers predictions"><caption>Predictions</caption>
                <thead><tr><th scope="col">Class</th><th scope="col" class="number">Logit</th>\
                <th scope="col" class="number">Probability</th></tr></thead>
                <tbody>
                """);
        for (Prediction prediction : figure.predictions()) {
            boolean explained = prediction.label().equals(figure.explained().label());
            html.append(explained ? "<tr class=\"explained\">" : "<tr>").append("<td>")
                    .append(Html.isolated("span", prediction.label())).append("</td><td class=\"number\">")
                    .append(Decimals.fixed(prediction.logit(), 2)).append("</td><td class=\"number\">")
                    .append(Decimals.fixed(100 * prediction.probability(), 1)).append(" %</td></tr>\n");
        }
        html.append("</tbody></table>\n");
    }

    private void appendFacts(StringBuilder html) {
        Explained explained = figure.explained();
        html.append("<table class=\"numbers facts\"><caption>Explanation</caption>\n<tbody>\n");
        appendFact(html, "Class", explained.label());
        appendFact(html, "Method", explained.method());
        appendFact(html, "Baseline", explained.baseline());
        appendFact(html, "Steps", explained.nSteps() == 0 ? null : Integer.toString(explained.nSteps()));
        explained.facts().forEach(fact -> appendFact(html, fact.term(), fact.value()));
        appendFact(html, "Score", Decimals.fixed(explained.score(), 4));
        appendFact(html, "Baseline score",
                explained.baselineScore() == null ? null : Decimals.fixed(explained.baselineScore(), 4));
        appendFact(html, "Attribution sum", Decimals.fine(Arrays.stream(figure.map().values()).sum()));
        appendFact(html, "Delta", explained.delta() == null ? null : Decimals.fine(explained.delta()));
        html.append("</tbody></table>\n");
    }

    private static void appendFact(StringBuilder html, String term, String value) {
        if (value != null) {
            html.append("<tr><th scope=\"row\">").append(Html.escape(term)).append("</th><td>")
                    .append(Html.isolated("span", value)).append("</td></tr>\n");
        }
    }
}
