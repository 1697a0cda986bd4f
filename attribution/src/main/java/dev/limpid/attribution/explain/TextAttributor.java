package dev.limpid.attribution.explain;

import dev.limpid.attribution.Attribution;
import dev.limpid.attribution.Chunks;
import dev.limpid.attribution.Method;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.Target;
import dev.limpid.bert.BertBatch;
import dev.limpid.bert.BertModel;
import dev.limpid.bert.EmbeddingPoint;
import dev.limpid.tensor.Shape;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import dev.limpid.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Computes what a BERT says of texts, and attributes any of its numbers to their tokens: what the explainers of all text tasks are made of. */
final class TextAttributor {
    private final LimpidModel model;
    private final BertModel bert;
    private final Tokenizer tokenizer;

    TextAttributor(LimpidModel model) {
        this(model, model.bert());
    }

    /** With another network than the model's own, such as one with another head. */
    TextAttributor(LimpidModel model, BertModel bert) {
        this.model = model;
        this.bert = bert;
        this.tokenizer = model.tokenizer();
    }

    /**
     * A number to be explained.
     *
     * @param target what it is called
     * @param index which of its kind it is
     * @param label its name
     * @param kind what it is
     * @param f the number
     */
    record Scalar(String target, int index, String label, ScoreKind kind, Target f) {}

    LimpidModel model() {
        return model;
    }

    /**
     * The logits of rows of any lengths, computed together as far as {@code options} allows.
     *
     * @return one array for each row; a head with logits for each token has them for the longest of those that went together
     * @throws ArithmeticException if one is not finite
     */
    List<double[]> logits(List<BertBatch> rows, TextOptions options) {
        List<double[]> logits = new ArrayList<>();
        int longest = rows.stream().mapToInt(BertBatch::length).max().orElse(1);
        try (Workspace ws = bert.ops().workspace()) {
            new Chunks(bert.ops(), bert.bytesPerRow(longest), options.run()).run(rows.size(), List.of(ws),
                    (from, to) -> {
                        BertBatch batch = padded(rows.subList(from, to));
                        Tensor x = bert.embed(ws, EmbeddingPoint.AFTER_LAYER_NORM, batch);
                        double[] all = bert.ops().download(
                                bert.forwardFrom(ws, EmbeddingPoint.AFTER_LAYER_NORM, x, bert.mask(ws, batch))
                                        .logits());
                        int perRow = all.length / batch.batch();
                        for (int b = 0; b < batch.batch(); b++) {
                            logits.add(finite(Arrays.copyOfRange(all, b * perRow, (b + 1) * perRow)));
                        }
                    });
        }
        return logits;
    }

    /** The logits of one row. */
    double[] logits(BertBatch row, TextOptions options) {
        return logits(List.of(row), options).getFirst();
    }

    private static double[] finite(double[] logits) {
        if (!Arrays.stream(logits).allMatch(Double::isFinite)) {
            throw new ArithmeticException("the model computes logits that are not finite for this text, so it cannot be"
                    + " explained; the weights may be damaged or overflow in 32-bit floating point");
        }
        return logits;
    }

    private BertBatch padded(List<BertBatch> rows) {
        int longest = rows.stream().mapToInt(BertBatch::length).max().orElseThrow();
        int[][] columns = new int[4][rows.size() * longest];
        Arrays.fill(columns[0], tokenizer.padId());
        Arrays.setAll(columns[2], i -> i % longest);
        for (int b = 0; b < rows.size(); b++) {
            BertBatch row = rows.get(b);
            System.arraycopy(row.ids(), 0, columns[0], b * longest, row.length());
            System.arraycopy(row.typeIds(), 0, columns[1], b * longest, row.length());
            System.arraycopy(row.positionIds(), 0, columns[2], b * longest, row.length());
            System.arraycopy(row.attentionMask(), 0, columns[3], b * longest, row.length());
        }
        return new BertBatch(rows.size(), longest, columns[0], columns[1], columns[2], columns[3]);
    }

    /**
     * Attributes each of some numbers of one row.
     *
     * @throws InputException if the vocabulary lacks the baseline's token
     * @throws ArithmeticException if the model computes a number that is not finite
     */
    List<TargetAttribution> attribute(TextInput input, List<Scalar> scalars, TextOptions options) {
        try (Workspace ws = bert.ops().workspace()) {
            boolean own = options.convention() == Convention.DEFAULT;
            TextPath path = own
                    ? TextPath.of(ws, bert, tokenizer, input, options.baseline(), options.embedding().point)
                    : TextPath.transformersInterpret(ws, bert, tokenizer, input, options.embedding());
            double[] x = bert.ops().download(path.input());
            double[] x0 = bert.ops().download(path.baseline());
            double[] reference = own
                    ? null
                    : logits(TextPath.transformersInterpretReference(tokenizer, input), options);
            EmbeddingSpace space = new EmbeddingSpace(
                    new BertPathModel(bert, options.embedding().point, input.length()));
            Method method = options.method().on(space.shape());
            List<TargetAttribution> explanations = new ArrayList<>();
            List<List<Scalar>> groups = groups(scalars, x.length, options);
            for (int g = 0; g < groups.size(); g++) {
                List<Attribution> attributions = method.attribute(space, x, x0,
                        groups.get(g).stream().map(Scalar::f).toList(),
                        options.run().withProgress(options.run().progress().part(g, groups.size())));
                for (int i = 0; i < attributions.size(); i++) {
                    Scalar scalar = groups.get(g).get(i);
                    Attribution a = attributions.get(i);
                    double baselineScore = own
                            ? a.baselineScore()
                            : scalar.f.evaluate(reference, new double[reference.length]);
                    explanations.add(explanation(scalar, a, baselineScore, input, space.shape(), method, options));
                }
            }
            return explanations;
        }
    }

    /** Every target of a call keeps a few numbers for each feature, so that hundreds of targets, as tokens are, go in several calls. */
    private List<List<Scalar>> groups(List<Scalar> scalars, int features, TextOptions options) {
        int most = Math.clamp(options.run().memoryBudget(bert.ops()) / (8L * Double.BYTES * features), 1,
                scalars.size());
        List<List<Scalar>> groups = new ArrayList<>();
        for (int from = 0; from < scalars.size(); from += most) {
            groups.add(scalars.subList(from, Math.min(scalars.size(), from + most)));
        }
        return groups;
    }

    private static TargetAttribution explanation(Scalar scalar, Attribution a, double baselineScore, TextInput input,
            Shape shape, Method method, TextOptions options) {
        double[] raw = options.method().perToken(shape, a.values());
        double delta = method.complete() ? a.sum() - (a.score() - baselineScore) : Double.NaN;
        return new TargetAttribution(scalar.target(), scalar.index(), scalar.label(), scalar.kind(), a.score(),
                baselineScore, delta, method.id(), method.quadratureRule().map(Quadrature::id).orElse(null),
                a.steps(), a.accuracy(), tokens(input, raw, raw.length));
    }

    /** The first {@code count} tokens, normalised among themselves; all 0 where all are 0. */
    static List<TokenAttribution> tokens(TextInput input, double[] raw, int count) {
        double squares = 0;
        for (int t = 0; t < count; t++) {
            squares += raw[t] * raw[t];
        }
        double norm = Math.sqrt(squares);
        List<TokenAttribution> tokens = new ArrayList<>();
        for (int t = 0; t < count; t++) {
            tokens.add(new TokenAttribution(input.tokens().get(t), input.sources().get(t), input.spans().get(t), raw[t],
                    norm == 0 ? 0 : raw[t] / norm));
        }
        return tokens;
    }
}
