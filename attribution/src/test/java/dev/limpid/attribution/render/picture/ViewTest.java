package dev.limpid.attribution.render.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Pixels computed by hand. */
class ViewTest {
    private static final RgbPixels IMAGE = new RgbPixels(1, 4, new int[]{0x102030, 0x000000, 0xffffff, 0xc86432});

    private static int[] draw(View view, Sign sign, double... values) {
        ScaledMap map = new ScaledMap(1, values.length, sign, 1, values);
        return view.pixels(IMAGE, map, Palette.CAPTUM.colours(sign), 0.5).rgb();
    }

    @Test
    void aHeatMapIsTheColourOfEveryValue() {
        assertThat(draw(View.HEATMAP, Sign.ALL, -1, 0, 1, 0.5)).containsExactly(0xff0000, 0xfefefe, 0x008000, 0x7ebe7e);
        assertThat(draw(View.HEATMAP, Sign.POSITIVE, 0, 0.25, 0.5, 1))
                .containsExactly(entries(ColourMap.GREENS, 0, 64, 128, 255));
        assertThat(draw(View.HEATMAP, Sign.NEGATIVE, 0, 0.25, 0.5, 1))
                .containsExactly(entries(ColourMap.REDS, 0, 64, 128, 255));
        assertThat(draw(View.HEATMAP, Sign.ABSOLUTE, 0, 0.25, 0.5, 1))
                .containsExactly(entries(ColourMap.BLUES, 0, 64, 128, 255));
    }

    private static int[] entries(ColourMap map, int... indices) {
        return Arrays.stream(indices).map(map::entry).toArray();
    }

    @Test
    void anOverlayMixesTheHeatMapWithAStretchedGrey() {
        // Sums 96, 0, 765, 350: greys 256·96/765 = 32, 0, 255 and 256·350/765 = 117, whose entry is 117; a = 127/255.
        assertThat(draw(View.OVERLAY, Sign.ALL, -1, 0, 1, 0.5)).containsExactly(0x8f1010, 0x7e7e7e, 0x80bf80, 0x799979);
        ScaledMap map = new ScaledMap(1, 4, Sign.ALL, 1, new double[]{-1, 0, 1, 0.5});
        assertThat(View.OVERLAY.pixels(IMAGE, map, ColourMap.RED_WHITE_GREEN, 1).rgb())
                .isEqualTo(draw(View.HEATMAP, Sign.ALL, -1, 0, 1, 0.5));
        assertThat(View.OVERLAY.pixels(IMAGE, map, ColourMap.RED_WHITE_GREEN, 0).rgb())
                .containsExactly(0x202020, 0x000000, 0xffffff, 0x757575);
    }

    @Test
    void theGreyOfAPlainImageIsBlack() {
        ScaledMap map = new ScaledMap(1, 2, Sign.ALL, 1, new double[]{0, 1});
        assertThat(View.OVERLAY.pixels(Figures.plain(1, 2, 0x808080), map, ColourMap.RED_WHITE_GREEN, 0).rgb())
                .containsExactly(0, 0);
    }

    @Test
    void alphaIsTheOpacityOnWhite() {
        // Opacities 0, 127, 255 and ⌊255·0.25⌋ = 63 of 255.
        assertThat(draw(View.ALPHA, Sign.POSITIVE, 0, 0.5, 1, 0.25))
                .containsExactly(0xffffff, 0x808080, 0xffffff, 0xf1d8cc);
    }

    @Test
    void maskingMultiplies() {
        assertThat(draw(View.MASKED, Sign.ABSOLUTE, 0.5, 1, 0.3, 1))
                .containsExactly(0x081018, 0x000000, 0x4c4c4c, 0xc86432);
    }

    @ParameterizedTest
    @EnumSource(Sign.class)
    void theOriginalStays(Sign sign) {
        assertThat(draw(View.ORIGINAL, sign, 0, 1, 0, 1)).isEqualTo(IMAGE.rgb());
    }

    @ParameterizedTest
    @EnumSource(View.class)
    void transparencyHasNoSign(View view) {
        boolean unsigned = view == View.ALPHA || view == View.MASKED;
        assertThat(view.shown(Sign.ALL)).isEqualTo(unsigned ? Sign.POSITIVE : Sign.ALL);
        assertThat(view.shown(Sign.NEGATIVE)).isEqualTo(Sign.NEGATIVE);
        PictureOptions options = PictureOptions.DEFAULT.withView(view);
        assertThat(options.signNote().isPresent()).isEqualTo(unsigned);
        if (unsigned) {
            assertThatThrownBy(() -> draw(view, Sign.ALL, 0, 0, 0, 0)).hasMessageContaining("has no sign");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "HEATMAP  | Heatmap IG. Prediction - cat         | Heatmap IG. Prediction: cat",
            "OVERLAY  | Heatmap Overlay IG. Prediction - cat | Heatmap overlay IG. Prediction: cat",
            "ALPHA    | Alpha Scaling IG. Prediction - cat   | Alpha Scaled IG. Prediction: cat",
            "MASKED   | Masked Image IG. Prediction - cat    | Masked Image IG. Prediction: cat",
            "ORIGINAL | Original Image                       | Original Image"})
    void titlesOfTransformersInterpret(View view, String alone, String beside) {
        assertThat(view.transformersInterpretTitle("cat", false)).isEqualTo(alone);
        assertThat(view.transformersInterpretTitle("cat", true)).isEqualTo(beside);
    }

    @Test
    void namesAreThoseOfOptions() {
        assertThat(View.named("overlay")).isEqualTo(View.OVERLAY);
        assertThat(Sign.named("absolute")).isEqualTo(Sign.ABSOLUTE);
        assertThat(Palette.named("blue-orange")).isEqualTo(Palette.BLUE_ORANGE);
        assertThatThrownBy(() -> View.named("x"))
                .hasMessage("there is no view 'x'; known are heatmap, overlay, alpha, masked, original");
        assertThatThrownBy(() -> Sign.named("x"))
                .hasMessage("there is no sign 'x'; known are all, positive, negative, absolute");
        assertThatThrownBy(() -> Palette.named("x"))
                .hasMessage("there is no palette 'x'; known are captum, blue-orange");
    }

    @Test
    void imageAndMapMustHaveOneSize() {
        ScaledMap map = new ScaledMap(1, 3, Sign.ALL, 1, new double[3]);
        assertThatThrownBy(() -> View.HEATMAP.pixels(IMAGE, map, ColourMap.BLUES, 0.5))
                .hasMessageContaining("the map is 3 × 1, the image 4 × 1");
    }
}
