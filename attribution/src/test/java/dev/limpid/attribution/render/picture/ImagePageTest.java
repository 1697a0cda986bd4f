package dev.limpid.attribution.render.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpid.attribution.render.Html;
import dev.limpid.attribution.render.HtmlValidator;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class ImagePageTest {
    private static final PictureOptions OPTIONS = PictureOptions.DEFAULT;

    private static ImageFigure with(ImageFigure figure, String text) {
        return new ImageFigure(text, text, text, text, List.of(new Prediction(0, text, 1, 1)),
                new Explained(text, text, text, 1, 1, 1.0, 1.0, List.of(new Explained.Fact(text, text))),
                figure.map(), figure.image(), Figures.PATCH, null);
    }

    static Stream<Named<String>> isValidHtml() {
        ImageFigure one = Figures.random(32, 32, 1);
        ImageFigure photo = Figures.of("p.jpg", "dog", one.map(), one.image(), Figures.plain(40, 2000, 0x345678));
        ImageFigure bare = new ImageFigure("b", "m", "cpu", "f32", one.predictions(),
                new Explained("cat", "saliency", null, 0, 1, null, null, List.of()), one.map(), one.image(),
                Figures.PATCH, null);
        return Stream.of(Named.of("one", ImagePage.of(List.of(one), OPTIONS)),
                Named.of("several", ImagePage.of(List.of(one, photo, bare), OPTIONS.withView(View.ALPHA))),
                Named.of("outliers", ImagePage.of(List.of(photo), OPTIONS.withOutlier(0.705).withOpacity(0))),
                Named.of("no script", ImagePage.of(List.of(bare), OPTIONS.withView(View.MASKED))));
    }

    /** What the checker says, but for what it says of the policy: it knows neither data URIs there nor hashes. Chromium enforces the policy. */
    private static List<String> complaints(String page) throws Exception {
        return HtmlValidator.complaints(page).stream()
                .filter(c -> !c.matches("warning: Resource violates Content Security Policy .* image “data:image/.*"))
                .filter(c -> !c.startsWith("warning: Inline script violates Content Security Policy")).toList();
    }

    @ParameterizedTest
    @MethodSource
    void isValidHtml(String page) throws Exception {
        assertThat(complaints(page)).isEmpty();
    }

    @ParameterizedTest(name = "hostile text {index}")
    @FieldSource("dev.limpid.attribution.render.Examples#HOSTILE")
    void everyHostileTextIsShownAsText(String text) throws Exception {
        String page = ImagePage.of(List.of(with(Figures.random(4, 4, 2), text)), OPTIONS);
        assertThat(complaints(page)).isEmpty();
        assertThat(page).contains("<h1 lang=\"\" dir=\"auto\">" + Html.escape(text) + "</h1>",
                "<strong lang=\"\" dir=\"auto\">" + Html.escape(text) + "</strong>").doesNotContain("<svg");
        assertThat(page.split("<script", -1)).hasSize(3);
    }

    @Test
    void thePolicyAllowsThisScriptAndNothingElse() throws Exception {
        String page = ImagePage.of(List.of(Figures.random(4, 4, 3)), OPTIONS);
        String script = page.substring(page.lastIndexOf("<script>") + 8, page.lastIndexOf("</script>"));
        String hash = Base64.getEncoder().encodeToString(
                MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8)));
        assertThat(page).contains("content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:;"
                + " script-src 'sha256-" + hash + "'\"");
        assertThat(page).doesNotContain("http:", "https:", "url(", "@import", "href=", "<link");
    }

    @Test
    void theMapIsInTheScriptsData() throws Exception {
        ImageFigure figure = Figures.random(5, 3, 4);
        String page = ImagePage.of(List.of(figure), OPTIONS);
        String json = page.substring(page.indexOf("id=\"data\">") + 10, page.indexOf("</script>"));
        JsonNode data = new ObjectMapper().readTree(json).at("/figures/0");
        assertThat(List.of(data.get("width").asInt(), data.get("height").asInt(),
                data.get("patchWidth").asInt(), data.get("patchHeight").asInt())).containsExactly(3, 5, 6, 4);
        ByteBuffer values = ByteBuffer.wrap(data.get("values").binaryValue()).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : figure.map().values()) {
            assertThat(values.getFloat()).isEqualTo((float) value);
        }
        assertThat(values.hasRemaining()).isFalse();
    }

    @Test
    void withoutScriptTheAskedForViewIsThere() throws Exception {
        ImageFigure figure = Figures.random(8, 8, 5);
        PictureOptions options = OPTIONS.withView(View.OVERLAY).withUnit(Unit.PATCHES);
        List<MatchResult> images = Pattern.compile("<img class=\"([^\"]*)\"[^>]*src=\"data:image/png;base64,([^\"]*)\"")
                .matcher(ImagePage.of(List.of(figure), options)).results().toList();
        assertThat(images.stream().map(m -> m.group(1))).containsExactly("seen sharp", "still", "still");
        assertThat(decoded(images.get(0))).usingRecursiveComparison().isEqualTo(figure.image());
        assertThat(decoded(images.get(1))).usingRecursiveComparison()
                .isEqualTo(Panel.of(List.of(figure), options).getFirst().pixels());
        assertThat(decoded(images.get(2)).width()).isEqualTo(256);
    }

    private static RgbPixels decoded(MatchResult image) throws Exception {
        return RgbPixels.of(ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(image.group(2)))));
    }

    @Test
    void tablesSayWhatWasPredictedAndHowItWasExplained() {
        String page = ImagePage.of(List.of(Figures.random(8, 8, 6)), OPTIONS);
        assertThat(page).containsSubsequence("<tr class=\"explained\">", ">cat<", ">4.50<", ">87.5 %<", ">dog<",
                ">2.25<", ">6.2 %<");
        String text = page.substring(page.indexOf("<caption>Explanation"), page.indexOf("<footer>"))
                .replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ");
        assertThat(text).contains("Class cat", "Method integrated-gradients", "Baseline black", "Steps 50",
                "Quadrature gauss-legendre", "Score 4.5000", "Baseline score -0.2500", "Delta -0.0021",
                "Attribution sum");
        assertThat(page).contains("<dt>Model</dt><dd>tiny-vit</dd>", "<dt>Device</dt><dd>cpu, f32</dd>");
    }

    @Test
    void whatAMethodDoesNotHaveIsLeftOut() {
        ImageFigure figure = Figures.random(8, 8, 7);
        Explained saliency = new Explained("cat", "saliency", null, 0, 1, null, null, List.of());
        String page = ImagePage.of(List.of(new ImageFigure("b", "m", "cpu", "f32", figure.predictions(), saliency,
                figure.map(), figure.image(), Figures.PATCH, null)), OPTIONS);
        String facts = page.substring(page.indexOf("<caption>Explanation"), page.indexOf("<footer>"));
        assertThat(facts).contains("Method", "Score").doesNotContain("Baseline", "Steps", "Delta", "null");
    }

    @Test
    void saysWhenTheMapIsCoarse() {
        assertThat(ImagePage.of(List.of(Figures.random(32, 32, 8)), OPTIONS)).contains("the map is coarse");
        assertThat(ImagePage.of(List.of(Figures.random(64, 32, 8)), OPTIONS)).doesNotContain("coarse");
    }

    @Test
    void aPageNeedsAFigure() {
        assertThatThrownBy(() -> ImagePage.of(List.of(), OPTIONS)).hasMessage("a page needs a figure");
    }

    @Test
    void aPhotoOfAnotherShapeThanTheMapSaysSo() {
        ImageFigure one = Figures.random(32, 32, 1);
        int side = one.image().width();
        ImageFigure square = Figures.of("p.jpg", "dog", one.map(), one.image(), Figures.plain(300, 300, 0x345678));
        ImageFigure wide = Figures.of("p.jpg", "dog", one.map(), one.image(), Figures.plain(300, 451, 0x345678));
        assertThat(ImagePage.of(List.of(square), OPTIONS)).contains("Original image, 300 × 300</figcaption>");
        assertThat(ImagePage.of(List.of(wide), OPTIONS)).contains("Original image, 451 × 300; the model saw it cut or"
                + " squeezed to " + side + " × " + side + ", and so is the map</figcaption>");
    }
}
