package dev.limpid.bench.quadrature;

import dev.limpid.attribution.Target;
import dev.limpid.attribution.explain.BertPathModel;
import dev.limpid.attribution.explain.EmbeddingSpace;
import dev.limpid.attribution.explain.Limpid;
import dev.limpid.attribution.explain.LimpidModel;
import dev.limpid.attribution.explain.LoadOptions;
import dev.limpid.attribution.explain.PixelSpace;
import dev.limpid.attribution.explain.QaOptions;
import dev.limpid.attribution.explain.QuestionAnsweringExplanation;
import dev.limpid.bench.explain.RandomBert;
import dev.limpid.bert.BertBatch;
import dev.limpid.bert.BertModel;
import dev.limpid.bert.EmbeddingPoint;
import dev.limpid.demo.DemoModels;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Precision;
import dev.limpid.tensor.Workspace;
import dev.limpid.tokenizer.Encoding;
import dev.limpid.tokenizer.Tokenizer;
import dev.limpid.vit.image.ImageFile;
import dev.limpid.vit.image.ImageLimits;
import dev.limpid.vit.image.RgbImage;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The paths that are studied: of embedded models on texts and photos, and of networks with random weights on random tokens. */
final class StudiedPaths {
    private static final List<String[]> QUESTIONS = List.of(
            new String[]{"Where is the tower?", "The tower, built by Gustave Eiffel, stands in Paris."},
            new String[]{"When did it end?", "The war, begun in 1618, ended in 1648."});
    private static final List<String> REVIEWS = List.of("The plot was thin and the acting dreadful.",
            "The plot is thin, but the actors are a delight to watch.", "An unputdownable thriller.",
            "I would not say that it was bad.");
    private static final EmbeddingPoint POINT = EmbeddingPoint.AFTER_LAYER_NORM;

    private final int threads;

    StudiedPaths(int threads) {
        this.threads = threads;
    }

    /** Shows each path while its model is loaded. */
    void forEach(Consumer<StudiedPath> study) {
        LoadOptions options = LoadOptions.DEFAULT.withThreads(threads);
        try (LimpidModel model = Limpid.load(DemoModels.questionAnswering(),
                options.withAdapter(DemoModels.questionAnsweringAdapter()))) {
            QUESTIONS.forEach(texts -> study.accept(answer(model, texts[0], texts[1])));
        }
        try (LimpidModel model = Limpid.load(DemoModels.questionAnswering(),
                options.withAdapter(DemoModels.sentimentAdapter()))) {
            REVIEWS.forEach(text -> study.accept(sentiment(model, text)));
        }
        try (LimpidModel model = Limpid.load(DemoModels.imageClassification(), options)) {
            RgbImage photo = ImageFile.read(DemoModels.photo(), DemoModels.photoName(), ImageLimits.DEFAULT);
            for (RgbImage image : List.of(photo, cut(photo, 0, 0), cut(photo, photo.width() / 2, 0))) {
                study.accept(image(model, image));
            }
        }
        for (int layers : new int[]{2, 4}) {
            for (long seed = 1; seed <= 2; seed++) {
                try (Ops ops = Device.open("cpu",
                        new DeviceOptions(threads, Precision.F32))) {
                    study.accept(random(RandomBert.load(ops, 256, layers, 4), layers, seed));
                }
            }
        }
    }

    private static StudiedPath answer(LimpidModel model, String question, String context) {
        QuestionAnsweringExplanation e = model.questionAnswering().explain(question, context,
                QaOptions.DEFAULT.withNSteps(2));
        return text("QA", model, model.tokenizer().encode(question, context),
                List.of(Target.logit(2 * e.start().index()), Target.logit(2 * e.end().index() + 1)));
    }

    private static StudiedPath sentiment(LimpidModel model, String text) {
        return text("sentiment", model, model.tokenizer().encode(text), List.of(Target.logit(0), Target.logit(1)));
    }

    private static StudiedPath text(String name, LimpidModel model, Encoding encoding, List<Target> targets) {
        Tokenizer tokenizer = model.tokenizer();
        int[] padded = IntStream.range(0, encoding.length())
                .map(t -> encoding.isSpecial(t) ? encoding.id(t) : tokenizer.padId()).toArray();
        return text(name, model.bert(), encoding.ids(), padded, encoding.typeIds(), targets);
    }

    private static StudiedPath text(String name, BertModel bert, int[] ids, int[] padded, int[] typeIds,
            List<Target> targets) {
        return new StudiedPath(name, new EmbeddingSpace(new BertPathModel(bert, POINT, ids.length)),
                embedded(bert, ids, typeIds), embedded(bert, padded, typeIds), targets, false);
    }

    private static double[] embedded(BertModel bert, int[] ids, int[] typeIds) {
        try (Workspace ws = bert.ops().workspace()) {
            return bert.ops().download(bert.embed(ws, POINT, BertBatch.of(ids, typeIds)));
        }
    }

    private static StudiedPath image(LimpidModel model, RgbImage image) {
        float[] values = model.imageProcessor().process(image).values().values();
        double[] x = new double[values.length];
        Arrays.setAll(x, i -> values[i]);
        PixelSpace space = new PixelSpace(model.vit());
        int predicted;
        try (Workspace ws = model.vit().ops().workspace()) {
            double[] logits = ws.ops().download(space.model().forward(ws, space.points(ws, x)).logits());
            predicted = IntStream.range(0, logits.length).reduce((a, b) -> logits[b] > logits[a] ? b : a).orElseThrow();
        }
        int other = (predicted + 1) % model.vit().config().labels().size();
        return new StudiedPath("ViT", space, x, new double[x.length],
                List.of(Target.logit(predicted), Target.logit(other)), true);
    }

    /** Half of a photo's width and height, from this corner on. */
    private static RgbImage cut(RgbImage photo, int left, int top) {
        return RgbImage.of(photo.toBufferedImage().getSubimage(left, top, photo.width() / 2, photo.height() / 2));
    }

    private static StudiedPath random(BertModel bert, int layers, long seed) {
        int[] ids = new SplittableRandom(seed).ints(24, 200, bert.config().vocabSize()).toArray();
        int[] padded = new int[ids.length];
        for (int end : new int[]{0, ids.length - 1}) {
            ids[end] = 101;
            padded[end] = 101;
        }
        return text("random, " + layers + " layers", bert, ids, padded, new int[ids.length],
                List.of(Target.logit(2 * 9), Target.logit(2 * 12 + 1)));
    }
}
