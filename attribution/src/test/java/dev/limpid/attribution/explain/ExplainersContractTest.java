package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.Quadrature;
import dev.limpid.demo.DemoModels;
import dev.limpid.tensor.Precision;
import dev.limpid.vit.image.ImageFile;
import dev.limpid.vit.image.ImageLimits;
import dev.limpid.vit.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Explanations on a device against those on the CPU. Each backend extends this class for each precision.
 *
 * <p>Normalised attributions of tokens may differ by as much as the precision allows, and so may those of pixels relative to their largest; in 16 bits their ranks must agree
 * too (Spearman's correlation).
 */
public abstract class ExplainersContractTest {
    private static final double RANK_CORRELATION = 0.99;
    private static final int OPENINGS = 200;

    private static final Path GOLDEN = Path.of(System.getProperty("limpid.root", ".."),
            "attribution/src/test/resources/golden");
    private static final Path BERT = Path.of(System.getProperty("limpid.root", ".."),
            "bert/src/test/resources/golden/qa");

    /** The device under test, as a user names it. */
    protected abstract String device();

    /** In which numbers it is to compute. */
    protected abstract Precision precision();

    /** Skips the test where the device is not there. */
    @BeforeEach
    protected abstract void require();

    private double tolerance() {
        return switch (precision()) {
            case F32 -> 1e-4;
            case TF32 -> 2e-3;
            case BF16 -> 2e-2;
        };
    }

    private LimpidModel load(Path checkpoint) {
        return Limpid.load(checkpoint, onDevice(LoadOptions.DEFAULT));
    }

    private LoadOptions onDevice(LoadOptions options) {
        return options.withDevice(device()).withPrecision(precision());
    }

    private void agree(double[] actual, double[] expected, double scale) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i])).as("%s: %s, on the CPU %s", i, actual[i], expected[i])
                    .isLessThanOrEqualTo(tolerance() * scale);
        }
        if (precision() == Precision.BF16) {
            assertThat(correlation(ranks(actual), ranks(expected))).isGreaterThanOrEqualTo(RANK_CORRELATION);
        }
    }

    private static double[] ranks(double[] values) {
        List<Integer> order = IntStream.range(0, values.length).boxed()
                .sorted(Comparator.comparingDouble(i -> values[i])).toList();
        double[] ranks = new double[values.length];
        for (int rank = 0; rank < ranks.length; rank++) {
            ranks[order.get(rank)] = rank;
        }
        return ranks;
    }

    private static double correlation(double[] x, double[] y) {
        double mean = (x.length - 1) / 2.0;
        double together = 0;
        double alone = 0;
        for (int i = 0; i < x.length; i++) {
            together += (x[i] - mean) * (y[i] - mean);
            alone += (x[i] - mean) * (x[i] - mean);
        }
        return alone == 0 ? 1 : together / alone;
    }

    private void agree(TargetAttribution actual, TargetAttribution expected) {
        assertThat(actual.index()).isEqualTo(expected.index());
        agree(actual.tokens().stream().mapToDouble(TokenAttribution::attribution).toArray(),
                expected.tokens().stream().mapToDouble(TokenAttribution::attribution).toArray(), 1);
    }

    private void questionAnswering(Path checkpoint, LoadOptions load, String question, String context,
            QaOptions options) {
        try (LimpidModel cpu = Limpid.load(checkpoint, load);
                LimpidModel model = Limpid.load(checkpoint, onDevice(load))) {
            QuestionAnsweringExplanation expected = cpu.questionAnswering().explain(question, context, options);
            QuestionAnsweringExplanation actual = model.questionAnswering().explain(question, context, options);
            assertThat(actual.answer().text()).isEqualTo(expected.answer().text());
            agree(actual.start(), expected.start());
            agree(actual.end(), expected.end());
        }
    }

    /** Pairs of the random checkpoint whose best two answers are further apart than 16 bits can tell. */
    @ParameterizedTest(name = "pair {0}")
    @ValueSource(ints = {0, 5})
    void answersAreExplainedAsOnTheCpu(int index) throws IOException {
        JsonNode pair = new ObjectMapper().readTree(Files.readAllBytes(GOLDEN.resolve("tiny-qa.json"))).path("pairs")
                .get(index);
        questionAnswering(BERT, LoadOptions.DEFAULT, pair.path("question").asText(), pair.path("context").asText(),
                QaOptions.DEFAULT.withNSteps(50));
    }

    /** Texts of several lengths in one tensor on the device, one after the other on the CPU. */
    @Test
    void manyTextsAreExplainedTogetherAsEachOnTheCpu() {
        List<String> texts = List.of("the king had a tower", "river", "the tower in Paris was built of iron");
        ClassificationOptions options = ClassificationOptions.DEFAULT.withText(TextOptions.DEFAULT
                .withMethod(TextMethod.of(new IntegratedGradients(Quadrature.GAUSS_LEGENDRE, 7))));
        Path checkpoint = BERT.resolveSibling("sequence-2");
        try (LimpidModel cpu = Limpid.load(checkpoint); LimpidModel model = load(checkpoint)) {
            List<ClassificationExplanation> together = model.textClassification().explainAll(texts, options);
            for (int i = 0; i < texts.size(); i++) {
                agree(together.get(i).explanations().getFirst(),
                        cpu.textClassification().explain(texts.get(i), options).explanations().getFirst());
            }
        }
    }

    @Test
    void theEmbeddedModelsAnswerIsExplainedAsOnTheCpu() {
        questionAnswering(DemoModels.questionAnswering(),
                LoadOptions.DEFAULT.withAdapter(DemoModels.questionAnsweringAdapter()), "Who wrote it?",
                "Ada wrote the first program.",
                QaOptions.DEFAULT.withNSteps(4));
    }

    @Test
    void thePhotoIsExplainedAsOnTheCpu() {
        RgbImage photo = ImageFile.read(DemoModels.photo(), DemoModels.photoName(), ImageLimits.DEFAULT);
        ImageOptions options = ImageOptions.DEFAULT
                .withMethod(new IntegratedGradients(Quadrature.GAUSS_LEGENDRE, 8));
        try (LimpidModel cpu = Limpid.load(DemoModels.imageClassification());
                LimpidModel model = load(DemoModels.imageClassification())) {
            ImageAttribution expected = cpu.imageClassification().explain(photo, options).explanations().getFirst();
            ImageAttribution actual = model.imageClassification().explain(photo, options).explanations().getFirst();
            assertThat(actual.index()).isEqualTo(expected.index());
            agree(actual.values(), expected.values(),
                    Arrays.stream(expected.values()).map(Math::abs).max().orElseThrow());
        }
    }

    @Test
    void aModelThatIsClosedLeavesNothingInTheDevicesMemory() {
        for (int i = 0; i < OPENINGS; i++) {
            LimpidModel model = load(BERT);
            try (model) {
                assertThat(model.bert().ops().liveBytes()).isPositive();
                if (i % 50 == 0) {
                    model.questionAnswering().explain("Who?", "The tower.", QaOptions.DEFAULT.withNSteps(2));
                }
            }
            assertThat(model.bert().ops().liveBytes()).isZero();
        }
    }
}
