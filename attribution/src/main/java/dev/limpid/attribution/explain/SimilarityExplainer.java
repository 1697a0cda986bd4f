package dev.limpid.attribution.explain;

import dev.limpid.attribution.Target;
import dev.limpid.attribution.explain.TextAttributor.Asked;
import dev.limpid.attribution.explain.TextAttributor.Scalar;
import dev.limpid.attribution.explain.TextAttributor.Work;
import dev.limpid.attribution.explain.TextReader.Row;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.bert.Pooling;
import java.util.List;

/**
 * Explains why an embedding model (a sentence-transformer on BERT) finds two texts alike: F is the cosine of the angle between the vector of one text, whose words change
 * along the path, and that of the other, which stays.
 *
 * <p>Thread-safe. Works with the encoder of any BERT. The explanation of each text begins at a text of [PAD]s, whose cosine, the baseline score, is seldom 0: the vectors of an embedding
 * model share a direction.
 */
public final class SimilarityExplainer {
    private final LimpidModel model;
    private final TextReader reader;

    SimilarityExplainer(LimpidModel model) {
        this.model = model;
        reader = new TextReader(model);
    }

    /** Explains with the mean of the tokens' vectors and {@link TextOptions#DEFAULT}. */
    public SimilarityExplanation explain(String text, String textPair) {
        return explain(text, textPair, Pooling.MEAN, TextOptions.DEFAULT);
    }

    /**
     * Explains the likeness of two texts.
     *
     * @param pooling how the model makes one vector of the tokens'; its card, or {@code 1_Pooling/config.json}, says so
     * @param options in the default convention; the score is the cosine, whatever its {@code scoreKind}
     * @throws InputException if a text has no words, or is longer than the model's window without leave to cut it
     * @throws IllegalArgumentException if the convention is not the default one
     * @throws ArithmeticException if the model computes a number that is not finite
     */
    public SimilarityExplanation explain(String text, String textPair, Pooling pooling, TextOptions options) {
        TextOptions.requireDefault(options, "the likeness of sentences");
        TextAttributor attributor = new TextAttributor(model, model.bert().pooled(pooling));
        List<Row> rows = List.of(reader.read("text", text, Source.TEXT, options.truncate()),
                reader.read("second text", textPair, Source.TEXT_PAIR, options.truncate()));
        List<double[]> vectors = attributor.logits(rows.stream().map(row -> new Asked(row.input().batch(), null))
                .toList(), options);
        List<TargetAttribution> explanations = attributor
                .attribute(List.of(work(rows, vectors, 0, "text"), work(rows, vectors, 1, "textPair")), options)
                .stream().map(List::getFirst).toList();
        double cosine = Target.cosine(vectors.get(1)).evaluate(vectors.get(0), new double[vectors.get(0).length]);
        int leftOut = rows.stream().mapToInt(Row::tokensLeftOut).sum();
        return new SimilarityExplanation(TextRun.of(model, options, leftOut), text, textPair, pooling, cosine,
                explanations);
    }

    private static Work work(List<Row> rows, List<double[]> vectors, int of, String target) {
        return new Work(rows.get(of).input(), List.of(new Scalar(target, of, of == 0 ? "first text" : "second text",
                ScoreKind.COSINE, Target.cosine(vectors.get(1 - of)))));
    }
}
