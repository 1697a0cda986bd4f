package dev.limpid.attribution.explain;

import dev.limpid.attribution.Chunks;
import dev.limpid.attribution.PathEngine;
import dev.limpid.attribution.PathIntegral;
import dev.limpid.attribution.StraightPath;
import dev.limpid.attribution.Target;
import dev.limpid.attribution.explain.TextInput.Part;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.bert.BertModel;
import dev.limpid.bert.EmbeddingPoint;
import dev.limpid.bert.Packing;
import dev.limpid.nn.ModelException;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import dev.limpid.tokenizer.EncodeOptions;
import dev.limpid.tokenizer.Encoding;
import dev.limpid.tokenizer.Span;
import dev.limpid.tokenizer.Tokenizer;
import dev.limpid.tokenizer.Truncation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Explains the answers of a {@code BertForQuestionAnswering}: integrated gradients of the answer's start logit and of its end logit, for every token of
 * question and context.
 *
 * <p>Thread-safe. The two conventions are described at {@link Convention}; the one of transformers-interpret is {@code QuestionAnsweringExplainer} in
 * its {@code question_answering.py}.
 */
public final class QuestionAnsweringExplainer {
    private static final int SPECIAL_TOKENS = 3; // [CLS] question [SEP] context [SEP]

    private static final EncodeOptions BARE = EncodeOptions.DEFAULT.withSpecialTokens(false);

    private final LimpidModel model;
    private final BertModel bert;
    private final Tokenizer tokenizer;

    QuestionAnsweringExplainer(LimpidModel model) {
        this.model = model;
        this.bert = model.bert();
        this.tokenizer = model.tokenizer();
        String architecture = bert.head().architecture();
        if (!architecture.equals("BertForQuestionAnswering")) {
            throw new ModelException(model.name() + " is a " + architecture
                    + ", which answers no questions; load a BertForQuestionAnswering");
        }
    }

    /** Explains the answer with {@link QaOptions#DEFAULT}. */
    public QuestionAnsweringExplanation explain(String question, String context) {
        return explain(question, context, QaOptions.DEFAULT);
    }

    /**
     * Explains the answer to {@code question} in {@code context}.
     *
     * <p>A context longer than the model's window is split into overlapping windows; the best answer of all is explained, in its window.
     *
     * @throws InputException if the question or context has no words, or the question leaves no room for a context
     * @throws ArithmeticException if the model computes a number that is not finite
     */
    public QuestionAnsweringExplanation explain(String question, String context, QaOptions options) {
        return explainAll(List.of(new QuestionContext(question, context)), options).getFirst();
    }

    /**
     * Explains the answers to many questions, in their order. Each is explained as by {@link #explain(String, String, QaOptions)}; in the default convention several go through the
     * network together, without padding, in as much memory as for one.
     *
     * @throws InputException if a question or context has no words, or a question leaves no room for a context
     * @throws ArithmeticException if the model computes a number that is not finite
     */
    public List<QuestionAnsweringExplanation> explainAll(List<QuestionContext> questions, QaOptions options) {
        for (QuestionContext one : questions) {
            requireWords("question", one.question());
            requireWords("context", one.context());
        }
        return options.convention() == Convention.DEFAULT
                ? explainDefault(questions, options)
                : questions.stream().map(one -> explainAsTransformersInterpret(one.question(), one.context(), options))
                        .toList();
    }

    /**
     * A question that is to be explained.
     *
     * @param input the window of the context in which the best answer was found, read at the answer's start and end
     */
    private record Found(QuestionContext asked, TextInput input, AnswerSearch answer, Window window) {
        Packing.Group row() {
            return new Packing.Group(1, input.length(), input.read());
        }
    }

    private List<QuestionAnsweringExplanation> explainDefault(List<QuestionContext> questions, QaOptions options) {
        List<List<TextInput>> windows = questions.stream()
                .map(one -> windows(one.question(), one.context(), options)).toList();
        List<AnswerSearch> answers = answers(windows.stream().flatMap(List::stream).toList(), options);
        List<Found> found = new ArrayList<>();
        int first = 0;
        for (int q = 0; q < questions.size(); q++) {
            List<TextInput> own = windows.get(q);
            found.add(best(questions.get(q), own, answers.subList(first, first + own.size())));
            first += own.size();
        }
        List<List<Found>> stretches = Windows.of(found, one -> bert.bytesPerRow(one.row()),
                options.run().memoryBudget(bert.ops()));
        List<QuestionAnsweringExplanation> explanations = new ArrayList<>();
        for (int i = 0; i < stretches.size(); i++) {
            explanations.addAll(explain(stretches.get(i),
                    options.withProgress(options.progress().part(i, stretches.size()))));
        }
        return explanations;
    }

    private static Found best(QuestionContext asked, List<TextInput> windows, List<AnswerSearch> answers) {
        int best = IntStream.range(0, windows.size()).reduce(0,
                (a, b) -> answers.get(b).score() > answers.get(a).score() ? b : a);
        TextInput input = windows.get(best);
        AnswerSearch answer = answers.get(best);
        return new Found(asked, input.reading(answer.start(), answer.end()), answer,
                new Window(best, windows.size(), input.contextSpan()));
    }

    private List<QuestionAnsweringExplanation> explain(List<Found> all, QaOptions options) {
        try (Workspace ws = bert.ops().workspace()) {
            // Two tokens are read, each with a start and an end logit.
            List<Target> targets = List.of(Target.logit(0), Target.logit(3));
            List<StraightPath> paths = new ArrayList<>();
            for (Found one : all) {
                TextPath path = TextPath.of(ws, bert, tokenizer, one.input, options.baseline(),
                        options.embedding().point);
                paths.add(new StraightPath(path.baseline(), path.input(), targets));
            }
            PackedBert network = new PackedBert(bert, options.embedding().point,
                    all.stream().map(Found::row).toList());
            List<List<PathIntegral>> integrals = new PathEngine(network, options.run()).integrate(paths,
                    options.steps());
            List<QuestionAnsweringExplanation> explanations = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                explanations.add(explanation(all.get(i), integrals.get(i).get(0), integrals.get(i).get(1), options));
            }
            return explanations;
        }
    }

    private QuestionAnsweringExplanation explanation(Found one, PathIntegral start, PathIntegral end,
            QaOptions options) {
        AnswerSearch found = one.answer;
        TextInput input = one.input;
        Span span = found.isNoAnswer()
                ? null
                : new Span(input.spans().get(found.start()).start(), input.spans().get(found.end()).end());
        Answer answer = new Answer(span == null ? "" : span.of(one.asked.context()), found.start(), found.end(), span,
                found.startLogit(), found.endLogit());
        return explanation(one.asked.question(), one.asked.context(), options, answer, one.window,
                attribution("start", found.start(), input, start, start.baselineScore(), options),
                attribution("end", found.end(), input, end, end.baselineScore(), options));
    }

    /** Question and context as rows that fit the model: one, or several that overlap. */
    private List<TextInput> windows(String question, String context, QaOptions options) {
        int longest = longestSequence();
        int questionTokens = tokenizer.encode(question, BARE).length();
        int room = longest - questionTokens - SPECIAL_TOKENS;
        if (room < 1) {
            throw new InputException(
                    "the question has " + questionTokens + " tokens, which leaves no room for a context in the"
                            + " model's window of " + longest + " tokens; shorten the question");
        }
        EncodeOptions encode = EncodeOptions.DEFAULT
                .withTruncation(Truncation.ONLY_SECOND, longest)
                .withStride(Math.min(options.stride(), room / 2));
        List<TextInput> windows = new ArrayList<>();
        for (Encoding encoding : tokenizer.windows(question, context, encode)) {
            windows.add(TextInput.of(encoding, Source.QUESTION, Source.CONTEXT));
        }
        return windows;
    }

    private int longestSequence() {
        return Math.min(bert.config().maxPositions(), tokenizer.modelMaxLength().orElse(Integer.MAX_VALUE));
    }

    /** The best answer of each window. */
    private List<AnswerSearch> answers(List<TextInput> windows, QaOptions options) {
        List<AnswerSearch> answers = new ArrayList<>();
        long[] bytes = windows.stream().mapToLong(window -> bert.bytesPerRow(window.length())).toArray();
        try (Workspace ws = bert.ops().workspace()) {
            new Chunks(bert.ops(), options.run()).run(bytes, List.of(ws), (from, to) -> {
                List<TextInput> some = windows.subList(from, to);
                double[] logits = logits(ws, some);
                int at = 0;
                for (TextInput window : some) {
                    int end = at + 2 * window.length();
                    answers.add(answer(window, Arrays.copyOfRange(logits, at, end), options));
                    at = end;
                }
                if (windows.size() > 1) {
                    options.progress().update(answers.size(), windows.size());
                }
            });
        }
        return answers;
    }

    private static AnswerSearch answer(TextInput window, double[] logits, QaOptions options) {
        AnswerSearch best = AnswerSearch.best(window, logits, options.maxAnswerTokens());
        AnswerSearch none = AnswerSearch.noAnswer(logits);
        return options.allowNoAnswer() && none.score() > best.score() ? none : best;
    }

    /** The start and end logits of all tokens, row after row. */
    private double[] logits(Workspace ws, List<TextInput> rows) {
        Tensor x = bert.embed(ws, EmbeddingPoint.AFTER_LAYER_NORM, rows.stream().map(TextInput::batch).toList());
        Packing packing = new Packing(rows.stream().map(row -> Packing.Group.of(1, row.length())).toList());
        return bert.ops().download(bert.forwardPacked(ws, EmbeddingPoint.AFTER_LAYER_NORM, x, packing).logits());
    }

    private QuestionAnsweringExplanation explainAsTransformersInterpret(String question, String context,
            QaOptions options) {
        TextInput input = transformersInterpretInput(question, context);
        int length = input.length();
        if (length > longestSequence()) {
            throw new InputException("question and context have " + length + " tokens, more than the model's window of "
                    + longestSequence() + ", and the transformers-interpret convention knows no windows;"
                    + " shorten the context or use the default convention");
        }
        int[] startLogits = IntStream.range(0, length).map(t -> 2 * t).toArray();
        int[] endLogits = IntStream.range(0, length).map(t -> 2 * t + 1).toArray();
        try (Workspace ws = bert.ops().workspace()) {
            TextPath path = TextPath.transformersInterpret(ws, bert, tokenizer, input, options.embedding());
            double[] logits = logits(ws, List.of(input));
            double[] reference = logits(ws,
                    List.of(input.with(TextPath.transformersInterpretReference(tokenizer, input))));
            int start = largest(logits, startLogits) / 2;
            int end = largest(logits, endLogits) / 2;
            BertPathModel network = new BertPathModel(bert, options.embedding().point, length);
            List<PathIntegral> integrals = new PathEngine(network, options.run()).integrate(path.baseline(),
                    path.input(), options.steps(),
                    List.of(Target.maxLogit(startLogits), Target.maxLogit(endLogits)));
            Answer answer = new Answer(end < start ? "" : String.join(" ", input.tokens().subList(start, end + 1)),
                    start,
                    end, contextSpan(input, start, end), logits[2 * start], logits[2 * end + 1]);
            return explanation(question, context, options, answer, new Window(0, 1, input.contextSpan()),
                    attribution("start", start, input, integrals.get(0), reference[largest(reference, startLogits)],
                            options),
                    attribution("end", end, input, integrals.get(1), reference[largest(reference, endLogits)],
                            options));
        }
    }

    /** The [SEP] after the question falls into segment 1: transformers-interpret takes a length for an index. */
    private TextInput transformersInterpretInput(String question, String context) {
        Encoding first = tokenizer.encode(question, BARE);
        return TextInput.transformersInterpret(tokenizer, first.length(), new Part(first, Source.QUESTION),
                new Part(tokenizer.encode(context, BARE), Source.CONTEXT));
    }

    private static int largest(double[] logits, int[] among) {
        return Arrays.stream(among).reduce((a, b) -> logits[b] > logits[a] ? b : a).orElseThrow();
    }

    private static Span contextSpan(TextInput input, int start, int end) {
        boolean inContext = start <= end && input.isContext(start) && input.isContext(end);
        return inContext ? new Span(input.spans().get(start).start(), input.spans().get(end).end()) : null;
    }

    private QuestionAnsweringExplanation explanation(String question, String context, QaOptions options, Answer answer,
            Window window, TargetAttribution start, TargetAttribution end) {
        return new QuestionAnsweringExplanation(model.name(), model.device(), model.precision(), options.convention(),
                options.baseline(), question, context, answer, window, start, end);
    }

    private static TargetAttribution attribution(String target, int index, TextInput input, PathIntegral integral,
            double baselineScore, QaOptions options) {
        double[] raw = integral.tokenAttributions();
        double sum = 0;
        for (double value : raw) {
            sum += value;
        }
        return new TargetAttribution(target, index, input.tokens().get(index), ScoreKind.LOGIT, integral.score(),
                baselineScore, sum - (integral.score() - baselineScore), "integrated-gradients",
                options.steps().quadrature().id(), integral.scores().length, integral.accuracy(),
                TextAttributor.tokens(input, raw, raw.length));
    }

    private void requireWords(String what, String text) {
        if (text.isBlank()) {
            throw new InputException("the " + what + " is empty; give a text with at least one word");
        }
        if (tokenizer.encode(text, BARE).length() == 0) {
            throw new InputException("the " + what + " has no words that the tokenizer keeps; give a text with one");
        }
    }
}
