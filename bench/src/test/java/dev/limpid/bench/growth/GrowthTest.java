package dev.limpid.bench.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class GrowthTest {
    private static final double[] X = {1, 2, 4, 8};

    @Test
    void aLineIsFoundWithItsConstant() {
        Series exact = new Series("texts", "linear", X, X, new double[]{3, 5, 9, 17});
        assertThat(exact.fit()).containsExactly(exact.seconds(), within(1e-12));
        assertThat(exact.deviation()).isCloseTo(0, within(1e-12));
    }

    @Test
    void noTimeIsNegativeAtNothing() {
        Series faster = new Series("texts", "linear", X, X, new double[]{1, 4, 16, 64});
        double[] fit = faster.fit();
        for (int i = 1; i < X.length; i++) {
            assertThat(fit[i] / fit[0]).isCloseTo(X[i], within(1e-12));
        }
        assertThat(faster.deviation()).isGreaterThan(0.5);
    }

    @Test
    void thePlotIsXmlWithAPointForEachMeasurement() throws Exception {
        Series series = new Series("tokens & <texts>", "linear", X, X, new double[]{1, 2, 4, 8});
        String svg = GrowthPlot.of("Title", List.of(series, series));
        Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertThat(document.getElementsByTagName("circle").getLength()).isEqualTo(8);
        assertThat(svg).contains("tokens &amp; &lt;texts>: linear").hasSizeLessThan(20_000);
    }
}
