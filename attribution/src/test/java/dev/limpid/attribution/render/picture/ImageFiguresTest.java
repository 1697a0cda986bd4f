package dev.limpid.attribution.render.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpid.attribution.explain.ImageExplanation;
import dev.limpid.attribution.render.ImageExamples;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageFiguresTest {
    @Test
    void aFigureForEachTarget() {
        ImageExplanation e = ImageExamples.of(1, "cat", "dog");
        List<ImageFigure> figures = ImageFigures.of(e, "photo.png");
        assertThat(figures).hasSize(2);
        for (int t = 0; t < 2; t++) {
            ImageFigure figure = figures.get(t);
            assertThat(figure.name()).isEqualTo("photo.png");
            assertThat(figure.model()).isEqualTo("tiny");
            assertThat(figure.map().values()).isEqualTo(e.explanations().get(t).values());
            assertThat(figure.map().channels()).isEqualTo(3);
            assertThat(figure.map().height()).isEqualTo(4);
            assertThat(figure.explained()).isEqualTo(new Explained(t == 0 ? "cat" : "dog", "integrated-gradients",
                    "zero", 50, 2.5, -0.5, 1e-3, List.of(new Explained.Fact("Quadrature", "gauss-legendre"))));
            assertThat(figure.predictions()).hasSize(5).first().isEqualTo(new Prediction(0, "cat", 3, 0.5));
        }
    }

    @Test
    void imagesAreTheOriginalAndWhatTheModelSaw() {
        ImageExplanation e = ImageExamples.of(2, "cat");
        ImageFigure figure = ImageFigures.of(e, "photo.png").getFirst();
        assertThat(figure.photo().width()).isEqualTo(20);
        assertThat(figure.photo().at(19, 9)).isEqualTo(e.original().packed(19, 9));
        assertThat(figure.image().at(5, 3)).isEqualTo(e.resized().packed(5, 3));
        assertThat(ImageFigures.of(e, "photo.png", false).getFirst().photo()).isNull();
    }

    @Test
    void aPictureAndAPageAreMadeOfIt() {
        List<ImageFigure> figures = ImageFigures.of(ImageExamples.of(3, "cat"), "photo.png");
        assertThat(Picture.of(figures, PictureOptions.DEFAULT).png()).startsWith(0x89, 'P', 'N', 'G');
        assertThat(ImagePage.of(figures, PictureOptions.DEFAULT)).contains("photo.png", "integrated-gradients");
    }
}
