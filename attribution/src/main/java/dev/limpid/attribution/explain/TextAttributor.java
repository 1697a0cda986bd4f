package dev.limpid.attribution.explain;

import dev.limpid.attribution.Attribution;
import dev.limpid.attribution.Chunks;
import dev.limpid.attribution.Method;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.Target;
import dev.limpid.bert.BertBatch;
import dev.limpid.bert.BertModel;
import dev.limpid.bert.EmbeddingPoint;
import dev.limpid.bert.Packing;
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
     * A row of which logits are asked for.
     *
     * @param tokens see {@link TextInput#read}
     */
    record Asked(BertBatch row, int[] tokens) {
        Packing.Group group() {
            return new Packing.Group(1, row.length(), tokens);
        }
    }

    /**
     * The logits of rows of any lengths, computed together as far as {@code options} allows.
     *
     * @return one array for each row
     * @throws ArithmeticException if one is not finite
     */
    List<double[]> logits(List<Asked> asked, TextOptions options) {
        List<double[]> logits = new ArrayList<>();
        long[] bytes = asked.stream().mapToLong(one -> bert.bytesPerRow(one.group())).toArray();
        try (Workspace ws = bert.ops().workspace()) {
            new Chunks(bert.ops(), options.run()).run(bytes, List.of(ws), (from, to) -> {
                List<Asked> some = asked.subList(from, to);
                Packing packing = new Packing(some.stream().map(Asked::group).toList());
                Tensor x = bert.embed(ws, EmbeddingPoint.AFTER_LAYER_NORM, some.stream().map(Asked::row).toList());
                double[] all = bert.ops()
                        .download(bert.forwardPacked(ws, EmbeddingPoint.AFTER_LAYER_NORM, x, packing).logits());
                int at = 0;
                for (Packing.Group row : packing.groups()) {
                    int end = at + bert.head().logitsPerRow(row.wanted());
                    logits.add(finite(Arrays.copyOfRange(all, at, end)));
                    at = end;
                }
            });
        }
        return logits;
    }

    /** The logits of one row, of all its tokens. */
    double[] logits(BertBatch row, TextOptions options) {
        return logits(List.of(new Asked(row, null)), options).getFirst();
    }

    /** The logits of one row that are asked for. */
    double[] logits(TextInput input, TextOptions options) {
        return logits(List.of(new Asked(input.batch(), input.read())), options).getFirst();
    }

    private static double[] finite(double[] logits) {
        if (!Arrays.stream(logits).allMatch(Double::isFinite)) {
            throw new ArithmeticException("the model computes logits that are not finite for this text, so it cannot be"
                    + " explained; the weights may be damaged or overflow in 32-bit floating point");
        }
        return logits;
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
                    new BertPathModel(bert, options.embedding().point, input.length(), input.read()));
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
