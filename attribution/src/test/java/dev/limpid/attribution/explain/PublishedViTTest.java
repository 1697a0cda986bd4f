package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpid.demo.DemoModels;
import dev.limpid.vit.image.ImageFile;
import dev.limpid.vit.image.ImageLimits;
import dev.limpid.vit.image.RgbImage;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * The image classifier of transformers-interpret's notebook, {@code google/vit-base-patch16-224}, where it is at hand. The notebook prints no attributions, and its
 * default method draws new noise each time, so what can be held is the prediction, the completeness, and that the noise tunnel of a seed repeats itself.
 */
class PublishedViTTest {
    @Test
    void theNotebooksModelCallsTheCatACat() {
        Path checkpoint = PublishedCheckpoints.find("vit-base-patch16-224", "the notebook's image classifier");
        try (LimpidModel model = Limpid.load(checkpoint)) {
            ImageClassificationExplainer explainer = model.imageClassification();
            RgbImage photo = ImageFile.read(DemoModels.photo(), DemoModels.photoName(), ImageLimits.DEFAULT);
            ImageExplanation e = explainer.explain(photo, ImageOptions.DEFAULT);
            assertThat(e.prediction().label()).as("tabby, tiger cat or Egyptian cat").containsIgnoringCase("cat");
            ImageAttribution a = e.explanations().getFirst();
            assertThat(Math.abs(a.delta())).isLessThan(0.01 * Math.abs(a.score() - a.baselineScore()));
            double[] noisy = explainer.explain(photo,
                    ImageOptions.transformersInterpret(3)).explanations().getFirst().values();
            assertThat(Arrays.stream(noisy).allMatch(Double::isFinite)).isTrue();
            assertThat(explainer.explain(photo, ImageOptions.transformersInterpret(3))
                    .explanations().getFirst().values()).containsExactly(noisy);
        }
    }
}
