package dev.limpid.attribution.render.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.render.picture.Picture.Placed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PictureTest {
    static Stream<PictureOptions> panelsAreTheViewsPixelsEnlarged() {
        List<PictureOptions> options = new ArrayList<>();
        for (View view : View.values()) {
            for (Sign sign : Sign.values()) {
                for (Unit unit : Unit.values()) {
                    options.add(PictureOptions.DEFAULT.withView(view).withSign(sign).withUnit(unit)
                            .withSideBySide(sign == Sign.ALL));
                }
            }
        }
        return options.stream();
    }

    @ParameterizedTest
    @MethodSource
    void panelsAreTheViewsPixelsEnlarged(PictureOptions options) throws IOException {
        ImageFigure figure = Figures.random(8, 12, 5);
        Picture picture = Picture.of(List.of(figure), options);
        RgbPixels sheet = RgbPixels.of(ImageIO.read(new ByteArrayInputStream(picture.png())));
        assertThat(Arrays.equals(sheet.rgb(), picture.pixels().rgb())).isTrue();
        assertThat(picture.panels()).hasSize(options.sideBySide() ? 2 : 1);
        assertPanel(sheet, picture.panels().getLast(), expected(figure, options));
        if (options.sideBySide()) {
            assertThat(picture.panels().getFirst().view()).isEqualTo(View.ORIGINAL);
            assertPanel(sheet, picture.panels().getFirst(), figure.image());
        }
    }

    /** Written once more from the map: what {@link Panel} is to do. */
    private static RgbPixels expected(ImageFigure figure, PictureOptions options) {
        Sign sign = options.shownSign();
        boolean patches = options.unit() == Unit.PATCHES;
        AttributionMap map = patches ? figure.map().patches(Figures.PATCH) : figure.map();
        ScaledMap scaled = ScaledMap.of(map, sign, options.outlier());
        return options.view().pixels(figure.image(), patches ? scaled.asPixels(Figures.PATCH, 8, 12) : scaled,
                options.palette().colours(sign), options.opacity());
    }

    private static void assertPanel(RgbPixels sheet, Placed place, RgbPixels expected) {
        assertThat(place.factor()).isEqualTo(37);
        for (int y = 0; y < expected.height() * place.factor(); y++) {
            for (int x = 0; x < expected.width() * place.factor(); x++) {
                if (sheet.at(place.left() + x, place.top() + y) != expected.at(x / 37, y / 37)) {
                    assertThat(Integer.toHexString(sheet.at(place.left() + x, place.top() + y)))
                            .as("column %d, row %d of %s", x, y, place.view())
                            .isEqualTo(Integer.toHexString(expected.at(x / 37, y / 37)));
                }
            }
        }
    }

    @ParameterizedTest(name = "{0} × {1} by {2}")
    @CsvSource({"32, 32, 14", "224, 224, 2", "224, 112, 2", "384, 384, 1", "1000, 700, 1", "1, 1, 448"})
    void panelsAreEnlargedByWholeFactors(int height, int width, int factor) {
        ImageFigure figure = Figures.random(height, width, 6);
        Picture picture = Picture.of(List.of(figure), PictureOptions.DEFAULT);
        Placed panel = picture.panels().getFirst();
        assertThat(panel.factor()).isEqualTo(factor);
        assertThat(panel.left() * 2 + factor * width).isCloseTo(picture.pixels().width(), within(1));
    }

    @ParameterizedTest
    @EnumSource(Sign.class)
    void anAllZeroMapIsDrawnAsZero(Sign sign) {
        ImageFigure zero = Figures.of("z.png", "cat", new AttributionMap(3, 4, 4, new double[48]),
                Figures.plain(4, 4, 0x123456), null);
        PictureOptions options = PictureOptions.DEFAULT.withSign(sign);
        Picture picture = Picture.of(List.of(zero), options);
        int colour = options.palette().colours(sign).at(sign == Sign.ALL ? 0.5 : 0);
        assertPlain(picture, colour);
        assertPlain(Picture.of(List.of(zero), options.withView(View.MASKED)), 0);
        assertPlain(Picture.of(List.of(zero), options.withView(View.ALPHA)), 0xffffff);
        assertPlain(Picture.of(List.of(zero), options.withView(View.ORIGINAL)), 0x123456);
        assertThat(picture.panels().getFirst().scale()).isZero();
    }

    private static void assertPlain(Picture picture, int colour) {
        Placed place = picture.panels().getFirst();
        for (int i = 0; i < 16; i++) {
            assertThat(picture.pixels().at(place.left() + i % 4 * place.factor(), place.top() + i / 4 * place.factor()))
                    .isEqualTo(colour);
        }
    }

    @Test
    void scalesAreSharedWhenAsked() {
        ImageFigure strong = Figures.of("a", "cat", new AttributionMap(1, 1, 2, new double[]{4, -2}),
                Figures.plain(1, 2, 0), null);
        ImageFigure weak = Figures.of("b", "cat", new AttributionMap(1, 1, 2, new double[]{1, -0.5}),
                Figures.plain(1, 2, 0), null);
        PictureOptions own = PictureOptions.DEFAULT.withOutlier(0);
        List<Placed> apart = Picture.of(List.of(strong, weak), own).panels();
        assertThat(apart.stream().map(Placed::scale)).containsExactly(4.0, 1.0);
        assertThat(apart.stream().map(Placed::row)).containsExactly(0, 1);
        Picture shared = Picture.of(List.of(strong, weak), own.withSharedScale(true));
        assertThat(shared.panels().stream().map(Placed::scale)).containsExactly(4.0, 4.0);
        Placed second = shared.panels().getLast();
        assertThat(shared.pixels().at(second.left(), second.top()))
                .isEqualTo(ColourMap.RED_WHITE_GREEN.of(0.25, Sign.ALL));
    }

    @Test
    void theColourBarRunsFromEndToEnd() {
        ImageFigure figure = Figures.random(8, 8, 7);
        for (PictureOptions options : List.of(PictureOptions.DEFAULT,
                PictureOptions.DEFAULT.withPalette(Palette.BLUE_ORANGE).withSign(Sign.POSITIVE))) {
            Picture picture = Picture.of(List.of(figure), options);
            Placed panel = picture.panels().getFirst();
            int bar = panel.top() + 8 * panel.factor() + 14;
            ColourMap colours = options.palette().colours(options.sign());
            assertThat(picture.pixels().at(panel.left(), bar)).isEqualTo(colours.entry(0));
            assertThat(picture.pixels().at(panel.left() + 224, bar + 7)).isEqualTo(colours.at(224 / 447.0));
            assertThat(picture.pixels().at(panel.left() + 447, bar + 13)).isEqualTo(colours.entry(255));
        }
    }

    @Test
    void numbersStandAtTheEndsOfTheColourBar() {
        PictureOptions options = PictureOptions.DEFAULT;
        assertThat(ends(options, 0.0123456)).containsExactly("−0.0123 against", "0", "for +0.0123");
        assertThat(ends(options.withSign(Sign.POSITIVE), 3.04e-5)).containsExactly("0", "", "+3.04e-5");
        assertThat(ends(options.withSign(Sign.NEGATIVE), 2)).containsExactly("0", "", "−2.00");
        assertThat(ends(options.withSign(Sign.ABSOLUTE), 2)).containsExactly("0", "", "2.00");
        assertThat(ends(options, 0)).containsExactly("", "0", "");
        PictureOptions theirs = options.withConvention(Convention.TRANSFORMERS_INTERPRET);
        assertThat(ends(theirs, 7)).containsExactly("−1", "0", "1");
        assertThat(ends(theirs.withSign(Sign.NEGATIVE), 7)).containsExactly("0", "", "1");
    }

    private static List<String> ends(PictureOptions options, double scale) {
        ColourBar bar = new ColourBar(options, scale);
        return List.of(bar.left(), bar.middle(), bar.right());
    }

    @Test
    void anOverlaysColourBarIsAsTransparent() {
        ColourBar bar = new ColourBar(PictureOptions.DEFAULT.withView(View.OVERLAY), 1);
        assertThat(bar.pixels(3).rgb()).containsExactly(0xff8080, 0xfefefe, 0x80bf80);
    }

    /** The dots of a line of words, where it stands on a sheet. */
    private static boolean isWritten(RgbPixels sheet, String line, int colour) {
        Sheet words = new Sheet(Sheet.textWidth(line), Sheet.DOT * PixelFont.HEIGHT);
        words.write(line, 0, 0, colour);
        RgbPixels wanted = words.pixels();
        for (int top = 0; top + wanted.height() <= sheet.height(); top++) {
            for (int left = 0; left + wanted.width() <= sheet.width(); left++) {
                if (isAt(sheet, wanted, left, top)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isAt(RgbPixels sheet, RgbPixels wanted, int left, int top) {
        for (int y = 0; y < wanted.height(); y++) {
            int from = (top + y) * sheet.width() + left;
            if (!Arrays.equals(sheet.rgb(), from, from + wanted.width(), wanted.rgb(), y * wanted.width(),
                    (y + 1) * wanted.width())) {
                return false;
            }
        }
        return true;
    }

    @Test
    void titlesSayWhatIsShown() {
        ImageFigure figure = Figures.random(32, 32, 8);
        RgbPixels ours = Picture.of(List.of(figure), PictureOptions.DEFAULT.withSideBySide(true)).pixels();
        assertThat(isWritten(ours, "Original image", Sheet.INK)).isTrue();
        assertThat(isWritten(ours, "photo.png", Sheet.SOFT)).isTrue();
        assertThat(isWritten(ours, "cat", Sheet.INK)).isTrue();
        assertThat(isWritten(ours, "Heat map, integrated-gradients", Sheet.SOFT)).isTrue();
        assertThat(isWritten(ours, "32 × 32 pixels of the model, enlarged: the map is coarse.", Sheet.SOFT)).isTrue();
        assertThat(isWritten(ours, "Original Image", Sheet.INK)).isFalse();
        RgbPixels theirs = Picture.of(List.of(figure), PictureOptions.DEFAULT.withSideBySide(true)
                .withConvention(Convention.TRANSFORMERS_INTERPRET)).pixels();
        assertThat(isWritten(theirs, "Original Image", Sheet.INK)).isTrue();
        assertThat(isWritten(theirs, "Heatmap IG. Prediction: cat", Sheet.INK)).isTrue();
    }

    @Test
    void otherLabelsNamesAndNotesAreShownWhereTheyMatter() {
        ImageFigure figure = Figures.random(64, 64, 9);
        ImageFigure dog = Figures.of("b.png", "dog", figure.map(), figure.image(), null);
        RgbPixels sheet = Picture.of(List.of(figure, dog), PictureOptions.DEFAULT.withView(View.MASKED)).pixels();
        assertThat(isWritten(sheet, "photo.png", Sheet.SOFT)).isTrue();
        assertThat(isWritten(sheet, "b.png", Sheet.SOFT)).isTrue();
        assertThat(isWritten(sheet, "predicted cat", Sheet.SOFT)).isTrue();
        assertThat(isWritten(sheet, "The view masked cannot tell signs", Sheet.SOFT)).isTrue();
        assertThat(isWritten(sheet, "coarse", Sheet.SOFT)).isFalse();
    }

    @Test
    void theSameInputGivesTheSameBytes() {
        PictureOptions options = PictureOptions.DEFAULT.withView(View.OVERLAY).withSideBySide(true);
        byte[] png = Picture.of(List.of(Figures.random(16, 16, 10)), options).png();
        assertThat(Picture.of(List.of(Figures.random(16, 16, 10)), options).png()).isEqualTo(png);
        assertThat(new String(png, StandardCharsets.ISO_8859_1)).doesNotContain("tEXt", "tIME", "iTXt");
    }

    @Test
    void whatCannotBeDrawnIsRefused() {
        assertThatThrownBy(() -> Picture.of(List.of(), PictureOptions.DEFAULT)).hasMessage("a picture needs a figure");
        assertThatThrownBy(() -> PictureOptions.DEFAULT.withOpacity(1.5)).hasMessageContaining("not 1.5");
        assertThatThrownBy(() -> PictureOptions.DEFAULT.withOutlier(-1)).hasMessageContaining("not -1.0");
        assertThatThrownBy(() -> Figures.of("a", "cat", new AttributionMap(1, 2, 2, new double[4]),
                Figures.plain(3, 2, 0), null)).hasMessageContaining("the map is 2 × 2, the image 2 × 3");
        assertThatThrownBy(() -> RgbPixels.of(2, 2, new byte[11])).hasMessageContaining("11 bytes");
    }

    @Test
    void photosAreReducedToMeans() {
        RgbPixels photo = new RgbPixels(2, 4,
                new int[]{0x000000, 0x020406, 0x10, 0x20, 0x040800, 0x060c02, 0x30, 0x40});
        assertThat(photo.reducedTo(2)).usingRecursiveComparison()
                .isEqualTo(new RgbPixels(1, 2, new int[]{0x030602, 0x28}));
        assertThat(photo.reducedTo(4)).isSameAs(photo);
        assertThat(Figures.plain(1, 5000, 0xabcdef).reducedTo(900)).usingRecursiveComparison()
                .isEqualTo(Figures.plain(1, 900, 0xabcdef));
    }

    /** Containers have neither; a Java that asks for a display where there is none stops with an error. */
    @Test
    void neitherDisplayNorFontIsNeeded(@TempDir Path folder) throws Exception {
        Path png = folder.resolve("picture.png");
        Path log = folder.resolve("classes.txt");
        ProcessBuilder java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto", "-Xlog:class+load:file=" + log, "-cp", System.getProperty("java.class.path"),
                DrawPicture.class.getName(), png.toString()).redirectErrorStream(true);
        java.environment().put("DISPLAY", "no-such-display:7");
        Process process = java.start();
        String output = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(Files.readAllBytes(png)).isEqualTo(DrawPicture.picture().png());
        assertThat(Files.readString(log)).contains("java.awt.image.BufferedImage")
                .doesNotContain("java.awt.Font ", "sun.font.", "sun.awt.X11", "java.awt.Graphics ");
    }

    /** A program that draws a picture into the file it is given. */
    static final class DrawPicture {
        private DrawPicture() {}

        static Picture picture() {
            return Picture.of(List.of(Figures.random(32, 32, 11)), PictureOptions.DEFAULT.withSideBySide(true));
        }

        public static void main(String[] arguments) throws IOException {
            Files.write(Path.of(arguments[0]), picture().png());
        }
    }
}
