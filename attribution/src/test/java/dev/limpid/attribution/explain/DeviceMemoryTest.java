package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.attribution.Idgi;
import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.Method;
import dev.limpid.attribution.Occlusion;
import dev.limpid.attribution.Progress;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Saliency;
import dev.limpid.attribution.render.HtmlPage;
import dev.limpid.attribution.render.JsonDocument;
import dev.limpid.bert.BertConfig;
import dev.limpid.bert.BertLoader;
import dev.limpid.nn.ConfigFields;
import dev.limpid.safetensors.Checkpoint;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.LimitedMemory;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.OutOfDeviceMemoryException;
import dev.limpid.tensor.Precision;
import dev.limpid.tensor.Shape;
import dev.limpid.tokenizer.Tokenizer;
import dev.limpid.vit.ViTConfig;
import dev.limpid.vit.ViTLoader;
import dev.limpid.vit.image.ImageProcessor;
import dev.limpid.vit.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An explanation gives back what it took of a device's memory, however it ends; and goes on where that memory is scarce. */
class DeviceMemoryTest {
    private static final Path BERT = Path.of("../bert/src/test/resources/golden");
    private static final Path VIT = Path.of("../vit/src/test/resources/golden/vit-plain");
    private static final String TEXT = "The king had a tower built.";
    private static final String PAIR = "Who wrote?";
    private static final String LONG = "The tower in Paris was built by Gustave Eiffel. It is made of iron. ".repeat(6);
    private static final QaOptions QA = QaOptions.DEFAULT.withNSteps(3);
    private static final TextOptions TEXTS = TextOptions.DEFAULT.withMethod(steps(3));

    @TempDir
    private Path folder;

    private static TextMethod steps(int n) {
        return TextMethod.of(new IntegratedGradients(Quadrature.GAUSS_LEGENDRE, n));
    }

    /** One way to use a model. */
    record Use(String name, String checkpoint, String architecture, Consumer<LimpidModel> explain) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Use use(String name, String checkpoint, Consumer<LimpidModel> explain) {
        return new Use(name, checkpoint, null, explain);
    }

    private static Stream<Use> texts() {
        ClassificationOptions classes = ClassificationOptions.DEFAULT.withText(TEXTS);
        return Stream.of(
                use("question", "qa", m -> m.questionAnswering().explain(PAIR, TEXT, QA)),
                use("question in windows", "qa", m -> m.questionAnswering().explain(PAIR, LONG, QA)),
                use("question as transformers-interpret", "qa", m -> m.questionAnswering().explain(PAIR, TEXT,
                        QA.withConvention(Convention.TRANSFORMERS_INTERPRET))),
                use("class", "sequence-2", m -> m.textClassification().explain(TEXT, classes)),
                use("class without a word", "sequence-2",
                        m -> m.textClassification().explain(TEXT, ClassificationOptions.DEFAULT
                                .withText(TEXTS.withMethod(TextMethod.LEAVE_ONE_OUT)))),
                use("class by saliency", "sequence-2",
                        m -> m.textClassification().explain(TEXT, ClassificationOptions.DEFAULT
                                .withText(TEXTS.withMethod(TextMethod.of(new Saliency(true)))))),
                use("class of a pair", "sequence-5", m -> m.pairClassification().explain(TEXT, PAIR, classes)),
                use("labels of tokens", "token", m -> m.tokenClassification().explain(TEXT)),
                use("word for a mask", "masked-lm", m -> m.fillMask().explain("The [MASK] was built.")),
                new Use("likeness", "qa", "BertModel", m -> m.similarity().explain(TEXT, PAIR)),
                use("attention", "sequence-2",
                        m -> m.attention().explain(TEXT, PAIR, ClassTarget.index(1), false)),
                use("attention of no class", "qa", m -> m.attention().explain(TEXT, null, null, false)));
    }

    private static Stream<Use> images() {
        byte[] rgb = new byte[3 * 20 * 20];
        new Random(7).nextBytes(rgb);
        RgbImage image = new RgbImage(20, 20, rgb);
        Stream<Method> methods = Stream.of(new IntegratedGradients(Quadrature.GAUSS_LEGENDRE, 3), new Idgi(3),
                new Saliency(false), Occlusion.patches(Shape.of(3, 12, 12), 6, 6));
        return Stream.concat(
                methods.map(method -> use(method.id(), null,
                        m -> m.imageClassification().explain(image, ImageOptions.DEFAULT.withMethod(method)))),
                Stream.of(use("attention", null, m -> m.attention().explain(image, ClassTarget.index(1)))));
    }

    private static LimpidModel text(Use use, Ops ops) {
        Path directory = BERT.resolve(use.checkpoint());
        BertConfig config = BertConfig.of(ConfigFields.read(directory));
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            String architecture = use.architecture() == null ? config.architecture() : use.architecture();
            return new LimpidModel("tiny", ops, new LimpidModel.Network.Text(
                    BertLoader.load(config, architecture, Weights.of(checkpoint), ops).model(),
                    Tokenizer.load(directory)), List.of());
        }
    }

    private LimpidModel vision(Ops ops) throws IOException {
        Files.writeString(folder.resolve("preprocessor_config.json"),
                "{\"image_processor_type\": \"ViTImageProcessor\", \"size\": 12,"
                        + " \"image_mean\": [0.5, 0.4, 0.3], \"image_std\": [0.5, 0.25, 0.2]}");
        ViTConfig config = ViTConfig.of(ConfigFields.read(VIT));
        try (Checkpoint checkpoint = Checkpoint.open(VIT)) {
            return new LimpidModel("tiny", ops,
                    new LimpidModel.Network.Vision(ViTLoader.load(config, Weights.of(checkpoint), ops).model(),
                            ImageProcessor.read(folder, config.channels())),
                    List.of());
        }
    }

    /** Runs it whole, then once with every allocation failing that it makes, of the first few and of some later ones. */
    private static void givesBackWhatItTook(LimpidModel model, Ops ops, LimitedMemory memory, Use use) {
        long weights = ops.liveBytes();
        assertThat(weights).isPositive();
        use.explain().accept(model);
        assertThat(ops.liveBytes()).isEqualTo(weights);
        int refused = 0;
        for (int allocation = 0; allocation < 400; allocation += 1 + allocation / 6) {
            memory.failAfter(allocation);
            try {
                use.explain().accept(model);
            } catch (OutOfDeviceMemoryException e) {
                assertThat(e).hasMessageContaining("no memory for");
            }
            assertThat(ops.liveBytes()).as("after failing at allocation %s", allocation).isEqualTo(weights);
            refused = memory.refusals();
        }
        assertThat(refused).isGreaterThan(6);
        memory.failAfter(Long.MAX_VALUE);
        model.close();
        assertThat(ops.liveBytes()).isZero();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("texts")
    void onlyTheWeightsOfATextModelStay(Use use) {
        LimitedMemory memory = LimitedMemory.over("cpu");
        Ops ops = memory.ops();
        givesBackWhatItTook(text(use, ops), ops, memory, use);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("images")
    void onlyTheWeightsOfAnImageModelStay(Use use) throws IOException {
        LimitedMemory memory = LimitedMemory.over("cpu");
        Ops ops = memory.ops();
        givesBackWhatItTook(vision(ops), ops, memory, use);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void aModelOpenedAndClosedTwoHundredTimesLeavesNothing(String device) {
        LoadOptions options = LoadOptions.DEFAULT.withDevice(device).withThreads(1);
        long weights = -1;
        for (int time = 0; time < 200; time++) {
            LimpidModel model = Limpid.load(BERT.resolve("qa"), options);
            Ops ops = model.bert().ops();
            weights = weights < 0 ? ops.liveBytes() : weights;
            assertThat(ops.liveBytes()).as("time %s", time).isEqualTo(weights).isPositive();
            if (time % 20 == 0) {
                model.questionAnswering().explain(PAIR, TEXT, QA);
                assertThat(ops.liveBytes()).isEqualTo(weights);
            }
            model.close();
            assertThat(ops.liveBytes()).as("time %s", time).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"cpu, F32, f32", "cpu, TF32, tf32", "cpu, BF16, bf16", "reference, F32, f64"})
    void anExplanationNamesThePrecisionOfItsDevice(String device, Precision precision, String expected) {
        LimitedMemory memory = LimitedMemory.over(device);
        memory.claim(precision);
        try (LimpidModel model = text(texts().findFirst().orElseThrow(), memory.ops())) {
            QuestionAnsweringExplanation e = model.questionAnswering().explain(PAIR, TEXT, QA);
            assertThat(e.precision()).isEqualTo(expected);
            assertThat(JsonDocument.of(e)).contains("\"precision\": \"" + expected + "\"");
            assertThat(HtmlPage.of(e)).contains("<dt>Device</dt><dd>limited, " + expected + "</dd>");
        }
    }

    private static List<Double> raw(QuestionAnsweringExplanation e) {
        return e.explanations().stream().flatMap(t -> t.tokens().stream()).map(TokenAttribution::raw).toList();
    }

    /** The windows of a long context too go through the network in smaller chunks. */
    @Test
    void aQuestionIsExplainedWithLittleMemoryAsWithMuch() {
        LimitedMemory memory = LimitedMemory.over("reference");
        Use use = texts().findFirst().orElseThrow();
        try (Ops ops = memory.ops(); LimpidModel model = text(use, ops)) {
            QuestionAnsweringExplanation expected = model.questionAnswering().explain(PAIR, LONG, QA.withNSteps(12));
            List<String> notices = new ArrayList<>();
            Progress progress = new Progress() {
                @Override
                public void update(long done, long total) {}

                @Override
                public void notice(String sentence) {
                    notices.add(sentence);
                }
            };
            long row = model.bert().bytesPerRow(expected.start().tokens().size());
            memory.limit(ops.liveBytes() + 3 * row);
            QuestionAnsweringExplanation actual = model.questionAnswering().explain(PAIR, LONG,
                    QA.withNSteps(12).withProgress(progress));
            assertThat(actual.answer()).isEqualTo(expected.answer());
            double largest = raw(expected).stream().mapToDouble(Math::abs).max().orElseThrow();
            for (int i = 0; i < raw(expected).size(); i++) {
                assertThat(raw(actual).get(i)).isCloseTo(raw(expected).get(i), within(1e-12 * largest));
            }
            assertThat(notices).isNotEmpty()
                    .allMatch(notice -> notice.startsWith("device 'limited' has no memory for"));
            memory.limit(ops.liveBytes() + row / 10);
            assertThatThrownBy(() -> model.questionAnswering().explain(PAIR, LONG, QA))
                    .isInstanceOf(OutOfDeviceMemoryException.class).hasMessageContaining("no memory for a single row");
        }
    }

    @Test
    void rowsOfTextsAreComputedWithLittleMemoryAsWithMuch() {
        LimitedMemory memory = LimitedMemory.over("reference");
        Use use = texts().filter(one -> one.name().equals("class without a word")).findFirst().orElseThrow();
        try (Ops ops = memory.ops(); LimpidModel model = text(use, ops)) {
            TextAttributor attributor = new TextAttributor(model);
            TextReader reader = new TextReader(model);
            List<TextAttributor.Asked> rows = Stream.of(TEXT, PAIR, "river", TEXT, PAIR + TEXT)
                    .map(text -> reader.read("text", text, TokenAttribution.Source.TEXT, false).input().batch())
                    .map(row -> new TextAttributor.Asked(row, null)).toList();
            List<double[]> expected = attributor.logits(rows, TextOptions.DEFAULT.withRun(new RunOptions(5, 0,
                    Progress.NONE)));
            memory.limit(ops.liveBytes() + 2 * model.bert().bytesPerRow(rows.getLast().row().length()));
            List<double[]> actual = attributor.logits(rows, TextOptions.DEFAULT);
            for (int i = 0; i < rows.size(); i++) {
                assertThat(actual.get(i)).containsExactly(expected.get(i), within(1e-12));
            }
            assertThat(memory.refusals()).isPositive();
        }
    }
}
