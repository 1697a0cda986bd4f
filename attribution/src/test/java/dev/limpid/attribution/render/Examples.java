package dev.limpid.attribution.render;

import com.fasterxml.jackson.databind.JsonNode;
import dev.limpid.attribution.explain.Answer;
import dev.limpid.attribution.explain.Baseline;
import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.explain.QuestionAnsweringExplanation;
import dev.limpid.attribution.explain.TargetAttribution;
import dev.limpid.attribution.explain.TokenAttribution;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.attribution.explain.Window;
import dev.limpid.tokenizer.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Explanations to render: the published one, and made-up ones with any text in them. */
public final class Examples {
    /** Texts that do harm where they are taken for markup, for an escape sequence or for UTF-8. */
    public static final List<String> HOSTILE = List.of(
            "</script><img src=x onerror=window.hit=1>",
            "<script>window.hit=1</script>",
            "\"><svg onload=window.hit=1>",
            "'\" style='background:url(https://example.org/x)",
            "&lt;b&gt; &amp;amp; &#0; &",
            "--><!-- ]]>",
            "</title></style></bdi></td></table>",
            "\u001b[31mred\u001b]0;title\u0007",
            "nul\u0000del\u007fnel\u0085csi\u009b31m",
            "lone\ud800high and \udc00low",
            "\ufdd0\ufffe\ud83f\udffe",
            "\u202eoverride\u2066",
            "line\u2028separator\u2029",
            "cr\r\nlf\ttab\fff",
            "שלום עולם",
            "日本語😀",
            "{{7*7}}${7*7}");

    private Examples() {}

    /** The published explanation; raw attributions are the normalised ones times 3.2. */
    static QuestionAnsweringExplanation published(Convention convention) {
        JsonNode qa = Published.ALL.get("qa");
        String question = qa.get("question").asText();
        String context = qa.get("context").asText();
        String answer = qa.get("predicted_answer").asText();
        int from = context.indexOf(answer);
        TargetAttribution start = published(qa, "start", 21, 5.54, question, context);
        TargetAttribution end = published(qa, "end", 29, 5.40, question, context);
        return new QuestionAnsweringExplanation(qa.get("model").asText(), "cpu", "f32", convention, Baseline.PAD,
                question, context, new Answer(answer, 21, 29, new Span(from, from + answer.length()), 5.54, 5.40),
                new Window(0, 1, new Span(1, context.length() - 1)), start, end);
    }

    private static TargetAttribution published(JsonNode qa, String target, int index, double score, String question,
            String context) {
        JsonNode pairs = qa.get("expected").get(target);
        List<TokenAttribution> tokens = new ArrayList<>();
        Source source = Source.QUESTION;
        int at = 0;
        for (int t = 0; t < pairs.size(); t++) {
            String token = pairs.get(t).get(0).asText();
            double attribution = pairs.get(t).get(1).asDouble();
            boolean special = token.startsWith("[");
            Span span = null;
            if (special && t > 0) {
                source = Source.CONTEXT;
                at = 0;
            } else if (!special) {
                String text = (source == Source.QUESTION ? question : context).toLowerCase(Locale.ROOT);
                int from = text.indexOf(token, at);
                at = from + token.length();
                span = new Span(from, at);
            }
            tokens.add(new TokenAttribution(token, special ? Source.SPECIAL : source, span, 3.2 * attribution,
                    attribution));
        }
        double sum = tokens.stream().mapToDouble(TokenAttribution::raw).sum();
        return new TargetAttribution(target, index, tokens.get(index).text(), score, 0.1484, sum - (score - 0.1484),
                "integrated-gradients", "gauss-legendre", 50, tokens);
    }

    /**
     * An explanation over these words, each a token of its own, the third of which is the answer.
     *
     * @param separator what stands between words in the context
     */
    static QuestionAnsweringExplanation of(Convention convention, String question, List<String> words, String separator,
            long seed) {
        String context = String.join(separator, words);
        int first = 3;
        int answerIndex = first + Math.min(2, words.size() - 1);
        TargetAttribution start = attribution("start", answerIndex, question, words, separator, new Random(seed));
        TargetAttribution end = attribution("end", answerIndex, question, words, separator, new Random(seed + 1));
        TokenAttribution token = start.tokens().get(answerIndex);
        return new QuestionAnsweringExplanation("model " + question, "cpu", "f32", convention, Baseline.PAD, question,
                context, new Answer(token.span().of(context), answerIndex, answerIndex, token.span(), 1.5, 2.5),
                new Window(0, 1, new Span(0, context.length())), start, end);
    }

    private static TargetAttribution attribution(String target, int index, String question, List<String> words,
            String separator, Random random) {
        List<TokenAttribution> tokens = new ArrayList<>();
        tokens.add(new TokenAttribution("[CLS]", Source.SPECIAL, null, 0, 0));
        tokens.add(new TokenAttribution(question, Source.QUESTION, new Span(0, question.length()), -0.4, -0.1));
        tokens.add(new TokenAttribution("[SEP]", Source.SPECIAL, null, 0, 0));
        int at = 0;
        for (String word : words) {
            double attribution = 2 * random.nextDouble() - 1;
            tokens.add(new TokenAttribution(word, Source.CONTEXT, new Span(at, at + word.length()), 4 * attribution,
                    attribution));
            at += word.length() + separator.length();
        }
        tokens.add(new TokenAttribution("[SEP]", Source.SPECIAL, null, 0, 0));
        double sum = tokens.stream().mapToDouble(TokenAttribution::raw).sum();
        return new TargetAttribution(target, index, tokens.get(index).text(), 1.5, 0.25, sum - 1.25,
                "integrated-gradients", "gauss-legendre", 50, tokens);
    }

    /** The same explanation as one of several windows, after {@code before} and in front of {@code after}. */
    static QuestionAnsweringExplanation windowed(QuestionAnsweringExplanation e, String before, String after) {
        int shift = before.length();
        Answer answer = e.answer();
        return new QuestionAnsweringExplanation(e.model(), e.device(), e.precision(), e.convention(), e.baseline(),
                e.question(), before + e.context() + after,
                new Answer(answer.text(), answer.start(), answer.end(), shifted(answer.span(), shift),
                        answer.startLogit(), answer.endLogit()),
                new Window(1, 3, shifted(e.window().context(), shift)), shifted(e.start(), shift),
                shifted(e.end(), shift));
    }

    private static Span shifted(Span span, int shift) {
        return span == null ? null : new Span(span.start() + shift, span.end() + shift);
    }

    private static TargetAttribution shifted(TargetAttribution target, int shift) {
        return with(target, target.tokens().stream()
                .map(t -> t.source() == Source.CONTEXT
                        ? new TokenAttribution(t.text(), t.source(), shifted(t.span(), shift), t.raw(), t.attribution())
                        : t)
                .toList());
    }

    /** The same attribution of other tokens. */
    static TargetAttribution with(TargetAttribution target, List<TokenAttribution> tokens) {
        return new TargetAttribution(target.target(), target.index(), target.label(), target.score(),
                target.baselineScore(), target.delta(), target.method(), target.quadrature(), target.steps(), tokens);
    }

    /** The same explanation with another answer. */
    static QuestionAnsweringExplanation with(QuestionAnsweringExplanation e, Answer answer) {
        return new QuestionAnsweringExplanation(e.model(), e.device(), e.precision(), e.convention(), e.baseline(),
                e.question(), e.context(), answer, e.window(), e.start(), e.end());
    }
}
