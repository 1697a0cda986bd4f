package dev.limpid.attribution.render.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Against entries of matplotlib's tables. */
class ColourMapTest {
    @Test
    void knownEntries() {
        assertEntries(ColourMap.BLUES, Map.of(0, 0xf7fbff, 64, 0xc5daee, 128, 0x6aadd5, 192, 0x2070b4, 255, 0x08306b));
        assertEntries(ColourMap.RED_WHITE_GREEN, Map.of(0, 0xff0000, 64, 0xff8080, 127, 0xfffefe, 128, 0xfefefe,
                192, 0x7ebe7e, 255, 0x008000));
        assertEntries(ColourMap.BLUE_WHITE_ORANGE, Map.of(0, 0x0072b2, 127, 0xfefefe, 255, 0xd55e00));
    }

    private static void assertEntries(ColourMap map, Map<Integer, Integer> entries) {
        entries.forEach((i, colour) -> assertThat(map.entry(i)).as("entry %d", i).isEqualTo(colour));
    }

    @Test
    void aNumberHasTheEntryOfItsShareOf256() {
        ColourMap map = ColourMap.GREENS;
        assertThat(map.at(0)).isEqualTo(map.entry(0));
        assertThat(map.at(Math.nextDown(1 / 256.0))).isEqualTo(map.entry(0));
        assertThat(map.at(1 / 256.0)).isEqualTo(map.entry(1));
        assertThat(map.at(0.5)).isEqualTo(map.entry(128));
        assertThat(map.at(1)).isEqualTo(map.entry(255));
        assertThat(map.at(-3)).isEqualTo(map.entry(0));
        assertThat(map.at(7)).isEqualTo(map.entry(255));
    }

    @Test
    void zeroIsTheMiddleOfASignedScaleAndTheStartOfAnyOther() {
        assertThat(ColourMap.RED_WHITE_GREEN.of(0, Sign.ALL)).isEqualTo(0xfefefe);
        assertThat(ColourMap.RED_WHITE_GREEN.of(-1, Sign.ALL)).isEqualTo(0xff0000);
        assertThat(ColourMap.GREENS.of(0, Sign.POSITIVE)).isEqualTo(0xf7fcf5);
        assertThat(ColourMap.REDS.of(1, Sign.NEGATIVE)).isEqualTo(ColourMap.REDS.entry(255));
    }

    @Test
    void everySignHasItsColours() {
        assertThat(Palette.CAPTUM.colours(Sign.ALL)).isSameAs(ColourMap.RED_WHITE_GREEN);
        assertThat(Palette.CAPTUM.colours(Sign.POSITIVE)).isSameAs(ColourMap.GREENS);
        assertThat(Palette.CAPTUM.colours(Sign.NEGATIVE)).isSameAs(ColourMap.REDS);
        assertThat(Palette.CAPTUM.colours(Sign.ABSOLUTE)).isSameAs(ColourMap.BLUES);
        assertThat(Palette.BLUE_ORANGE.colours(Sign.ALL)).isSameAs(ColourMap.BLUE_WHITE_ORANGE);
        assertThat(Palette.BLUE_ORANGE.colours(Sign.POSITIVE).entry(255)).isEqualTo(0xd55e00);
        assertThat(Palette.BLUE_ORANGE.colours(Sign.NEGATIVE).entry(255)).isEqualTo(0x0072b2);
    }
}
