package dev.limpid.attribution.render.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScaledMapTest {
    private static AttributionMap row(double... values) {
        return new AttributionMap(1, 1, values.length, values);
    }

    @ParameterizedTest(name = "{0} of the total: {1}")
    @CsvSource({"0, 4", "0.02, 4", "0.1, 4", "0.4, 3", "0.5, 3", "1, 1"})
    void theLargestTogetherHoldTheShareOfOutliers(double outlier, double threshold) {
        assertThat(ScaledMap.sharedScale(List.of(row(3, 1, 4, 2)), Sign.ALL, outlier)).isEqualTo(threshold);
    }

    @Test
    void everySignByHand() {
        AttributionMap map = row(-4, -1, 0, 2, 3);
        assertThat(ScaledMap.of(map, Sign.ALL, 0.5)).usingRecursiveComparison()
                .isEqualTo(scaled(Sign.ALL, 3, -1, -1 / 3.0, 0, 2 / 3.0, 1));
        assertThat(ScaledMap.of(map, Sign.POSITIVE, 0)).usingRecursiveComparison()
                .isEqualTo(scaled(Sign.POSITIVE, 3, 0, 0, 0, 2 / 3.0, 1));
        assertThat(ScaledMap.of(map, Sign.NEGATIVE, 0)).usingRecursiveComparison()
                .isEqualTo(scaled(Sign.NEGATIVE, 4, 1, 0.25, 0, 0, 0));
        assertThat(ScaledMap.of(map, Sign.ABSOLUTE, 0)).usingRecursiveComparison()
                .isEqualTo(scaled(Sign.ABSOLUTE, 4, 1, 0.25, 0, 0.5, 0.75));
    }

    private static ScaledMap scaled(Sign sign, double scale, double... values) {
        return new ScaledMap(1, values.length, sign, scale, values);
    }

    @Test
    void channelsAreSummed() {
        AttributionMap map = new AttributionMap(3, 1, 2, new double[]{1, 2, 10, 20, 100, -200});
        assertThat(map.pixels()).containsExactly(111, -178);
        assertThat(ScaledMap.of(map, Sign.ALL, 0).values()).containsExactly(111 / 178.0, -1);
    }

    @ParameterizedTest
    @EnumSource(Sign.class)
    void aMapWithoutAnAttributionOfTheSignIsZero(Sign sign) {
        AttributionMap map = row(0, sign == Sign.POSITIVE ? -1 : 0, sign == Sign.NEGATIVE ? 1 : 0);
        assertThat(ScaledMap.of(map, sign, 0.1)).usingRecursiveComparison().isEqualTo(scaled(sign, 0, 0, 0, 0));
    }

    @Test
    void whereAllAreOutliersTheSmallestThatIsNotZeroIsTheScale() {
        assertThat(ScaledMap.of(row(0, 0, 2, -5), Sign.ALL, 1)).usingRecursiveComparison()
                .isEqualTo(scaled(Sign.ALL, 2, 0, 0, 1, -1));
    }

    @Test
    void aSharedScaleTakesAllMapsForOne() {
        List<AttributionMap> maps = List.of(row(3, 1), row(-4, 2));
        double scale = ScaledMap.sharedScale(maps, Sign.ALL, 0.5);
        assertThat(scale).isEqualTo(3);
        assertThat(ScaledMap.withScale(maps.get(0), Sign.ALL, scale).values()).containsExactly(1, 1 / 3.0);
        assertThat(ScaledMap.withScale(maps.get(1), Sign.ALL, scale).values()).containsExactly(-1, 2 / 3.0);
    }

    @Test
    void patchesAddUpToWhatPixelsDo() {
        ImageFigure figure = Figures.random(10, 7, 3);
        AttributionMap patches = figure.map().patches(PatchSize.square(4));
        assertThat(List.of(patches.channels(), patches.height(), patches.width())).containsExactly(1, 3, 2);
        double corner = 0;
        for (int y = 8; y < 10; y++) {
            for (int x = 4; x < 7; x++) {
                corner += figure.map().pixels()[y * 7 + x];
            }
        }
        assertThat(patches.values()[5]).isEqualTo(corner);
        assertThat(Arrays.stream(patches.values()).sum())
                .isCloseTo(Arrays.stream(figure.map().values()).sum(), within(1e-15));
        ScaledMap blocks = ScaledMap.of(patches, Sign.ALL, 0).asPixels(PatchSize.square(4), 10, 7);
        assertThat(blocks.values()[9 * 7 + 6]).isEqualTo(corner / blocks.scale());
        assertThat(blocks.values()[7 * 7 + 3]).isEqualTo(patches.values()[2] / blocks.scale());
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void whatIsNotFiniteIsRefusedWithItsPlace(double value) {
        double[] values = new double[12];
        values[11] = value;
        assertThatThrownBy(() -> new AttributionMap(2, 2, 3, values)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("channel 1, row 1, column 2 is " + value);
    }

    @Test
    void channelsWithoutAFiniteSumAreRefused() {
        AttributionMap map = new AttributionMap(2, 1, 1, new double[]{1.7e308, 1.7e308});
        assertThatThrownBy(() -> ScaledMap.of(map, Sign.ALL, 0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("add up to Infinity");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 1.01, Double.NaN})
    void outliersAreAShare(double outlier) {
        assertThatThrownBy(() -> ScaledMap.of(row(1), Sign.ALL, outlier)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from 0 to 1, not " + outlier);
    }

    @Test
    void theNumberOfValuesMustFit() {
        assertThatThrownBy(() -> new AttributionMap(3, 2, 2, new double[11]))
                .hasMessage("a map of 3 × 2 × 2 attributions cannot be made of 11 values");
        assertThatThrownBy(() -> ScaledMap.withScale(row(1), Sign.ALL, -1)).hasMessageContaining("not -1.0");
    }
}
