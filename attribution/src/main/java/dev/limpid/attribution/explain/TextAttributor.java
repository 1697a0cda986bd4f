package dev.limpid.attribution.explain;

import dev.limpid.attribution.Attribution;
import dev.limpid.attribution.Chunks;
import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.IntegratedGradients.Case;
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

    private static double[] finite(double[] logits) {
        if (!Arrays.stream(logits).allMatch(Double::isFinite)) {
            throw new ArithmeticException("the model computes logits that are not finite for this text, so it cannot be"
                    + " explained; the weights may be damaged or overflow in 32-bit floating point");
        }
        return logits;
    }

    /** Numbers of a row that are to be explained. */
    record Work(TextInput input, List<Scalar> scalars) {
        Asked asked() {
            return new Asked(input.batch(), input.read());
        }
    }

    /** As {@link #attribute(List, TextOptions)}, of one row. */
    List<TargetAttribution> attribute(TextInput input, List<Scalar> scalars, TextOptions options) {
        return attribute(List.of(new Work(input, scalars)), options).getFirst();
    }

    /**
     * Attributes each of some numbers of each row. By integrated gradients the nodes of several rows go through the network together, as far as {@code options} allows.
     *
     * @return for each row an attribution of each of its numbers
     * @throws InputException if the vocabulary lacks the baseline's token
     * @throws ArithmeticException if the model computes a number that is not finite
     */
    List<List<TargetAttribution>> attribute(List<Work> works, TextOptions options) {
        List<Part> parts = new ArrayList<>();
        for (int w = 0; w < works.size(); w++) {
            for (List<Scalar> some : groups(works.get(w), options)) {
                parts.add(new Part(w, new Work(works.get(w).input(), some)));
            }
        }
        // Without the path engine nothing is gained by several at once.
        boolean paths = options.method() instanceof TextMethod.Summed(IntegratedGradients _);
        List<List<Part>> windows = Windows.of(parts, part -> bytes(part.work), paths
                ? options.run().memoryBudget(bert.ops())
                : 0);
        List<List<TargetAttribution>> explanations = new ArrayList<>();
        works.forEach(_ -> explanations.add(new ArrayList<>()));
        for (int w = 0; w < windows.size(); w++) {
            List<Part> window = windows.get(w);
            TextOptions told = options.withRun(options.run().withProgress(
                    options.run().progress().part(w, windows.size())));
            List<List<TargetAttribution>> found = attributeWindow(window.stream().map(Part::work).toList(), told);
            for (int i = 0; i < window.size(); i++) {
                explanations.get(window.get(i).of).addAll(found.get(i));
            }
        }
        return explanations;
    }

    /** Some of the numbers of row {@code of}. */
    private record Part(int of, Work work) {}

    /** Every target of a call keeps a few numbers for each feature, so that hundreds of targets, as tokens are, go in several calls. */
    private List<List<Scalar>> groups(Work work, TextOptions options) {
        return Windows.of(work.scalars(), _ -> keptPerScalar(work.input()), options.run().memoryBudget(bert.ops()));
    }

    private long keptPerScalar(TextInput input) {
        return 8L * Double.BYTES * input.length() * bert.config().hiddenSize();
    }

    private long bytes(Work work) {
        return bert.bytesPerRow(work.asked().group()) + work.scalars().size() * keptPerScalar(work.input());
    }

    private List<List<TargetAttribution>> attributeWindow(List<Work> works, TextOptions options) {
        try (Workspace ws = bert.ops().workspace()) {
            List<Case> cases = new ArrayList<>();
            for (Work work : works) {
                cases.add(ends(ws, work, options));
                ws.reset();
            }
            List<double[]> references = options.convention() == Convention.DEFAULT
                    ? null
                    : logits(works.stream().map(work -> new Asked(
                            TextPath.transformersInterpretReference(tokenizer, work.input()), work.input().read()))
                            .toList(), options);
            List<List<TargetAttribution>> explanations = new ArrayList<>();
            List<List<Attribution>> attributions = attributions(works, cases, options);
            for (int w = 0; w < works.size(); w++) {
                Work work = works.get(w);
                double[] reference = references == null ? null : references.get(w);
                List<TargetAttribution> ofOne = new ArrayList<>();
                for (int i = 0; i < work.scalars().size(); i++) {
                    ofOne.add(explanation(work.scalars().get(i), attributions.get(w).get(i), reference, work.input(),
                            options));
                }
                explanations.add(ofOne);
            }
            return explanations;
        }
    }

    private Case ends(Workspace ws, Work work, TextOptions options) {
        TextInput input = work.input();
        EmbeddingPoint point = options.embedding().point;
        TextPath path = options.convention() == Convention.DEFAULT
                ? TextPath.of(ws, bert, tokenizer, input, options.baseline(), point)
                : TextPath.transformersInterpret(ws, bert, tokenizer, input, options.embedding());
        return new Case(new EmbeddingSpace(new BertPathModel(bert, point, input.length(), input.read())),
                bert.ops().download(path.input()), bert.ops().download(path.baseline()),
                work.scalars().stream().map(Scalar::f).toList());
    }

    private List<List<Attribution>> attributions(List<Work> works, List<Case> cases, TextOptions options) {
        if (options.method() instanceof TextMethod.Summed(IntegratedGradients method)) {
            return method.attribute(new PackedBert(bert, options.embedding().point,
                    works.stream().map(work -> work.asked().group()).toList()), cases, options.run());
        }
        return cases.stream().map(one -> options.method().on(one.space().shape()).attribute(one.space(), one.input(),
                one.baseline(), one.targets(), options.run())).toList();
    }

    /** @param reference logits that the baseline score is taken from; null for that of the path */
    private TargetAttribution explanation(Scalar scalar, Attribution a, double[] reference, TextInput input,
            TextOptions options) {
        Shape shape = Shape.of(input.length(), bert.config().hiddenSize());
        Method method = options.method().on(shape);
        double baselineScore = reference == null
                ? a.baselineScore()
                : scalar.f.evaluate(reference, new double[reference.length]);
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
