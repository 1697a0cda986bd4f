package dev.limpid.attribution.render;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.limpid.attribution.explain.Answer;
import dev.limpid.attribution.explain.ClassPrediction;
import dev.limpid.attribution.explain.ClassificationExplanation;
import dev.limpid.attribution.explain.Entity;
import dev.limpid.attribution.explain.FillMaskExplanation;
import dev.limpid.attribution.explain.QuestionAnsweringExplanation;
import dev.limpid.attribution.explain.SimilarityExplanation;
import dev.limpid.attribution.explain.TargetAttribution;
import dev.limpid.attribution.explain.TextExplanation;
import dev.limpid.attribution.explain.TokenAttribution;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.attribution.explain.TokenClassificationExplanation;
import dev.limpid.attribution.explain.TokenPrediction;
import dev.limpid.attribution.explain.WordAttribution;
import dev.limpid.attribution.explain.Window;
import dev.limpid.attribution.explain.ZeroShotExplanation;
import dev.limpid.attribution.explain.ZeroShotExplanation.LabelPrediction;
import dev.limpid.tokenizer.CodePointIndex;
import dev.limpid.tokenizer.Span;
import java.util.HashMap;
import java.util.Map;

/** The documents of all text tasks. */
final class JsonText {
    private final TextExplanation explanation;
    private final TextDetails details;
    private final Map<String, CodePointIndex> indices = new HashMap<>();

    JsonText(TextExplanation explanation, TextDetails details) {
        this.explanation = explanation;
        this.details = details;
    }

    ObjectNode document() {
        ObjectNode document = JsonParts.document(task(), explanation.run().model(), explanation.run().device(),
                explanation.run().precision());
        JsonParts.put(document, "convention", explanation.run().convention().id());
        JsonParts.put(document, "baseline", explanation.run().baseline().id());
        switch (explanation) {
            case QuestionAnsweringExplanation e -> put(document, e);
            case ClassificationExplanation e -> put(document, e);
            case ZeroShotExplanation e -> put(document, e);
            case TokenClassificationExplanation e -> put(document, e);
            case FillMaskExplanation e -> put(document, e);
            case SimilarityExplanation e -> put(document, e);
        }
        ArrayNode explanations = document.putArray("explanations");
        explanation.explanations().forEach(one -> add(explanations.addObject(), one));
        return document;
    }

    private String task() {
        return switch (explanation) {
            case QuestionAnsweringExplanation _ -> "question-answering";
            case ClassificationExplanation _ -> "text-classification";
            case ZeroShotExplanation _ -> "zero-shot-classification";
            case TokenClassificationExplanation _ -> "token-classification";
            case FillMaskExplanation _ -> "fill-mask";
            case SimilarityExplanation _ -> "sentence-similarity";
        };
    }

    private void put(ObjectNode document, QuestionAnsweringExplanation e) {
        JsonParts.put(document, "question", e.question());
        JsonParts.put(document, "context", e.context());
        Answer answer = e.answer();
        ObjectNode prediction = document.putObject("prediction");
        JsonParts.put(prediction, "answer", answer.text());
        prediction.put("start", answer.start());
        prediction.put("end", answer.end());
        JsonParts.put(prediction, "text", codePoints(e.context(), answer.span()));
        JsonParts.put(prediction, "startLogit", answer.startLogit());
        JsonParts.put(prediction, "endLogit", answer.endLogit());
        Window window = e.window();
        ObjectNode node = document.putObject("window");
        node.put("index", window.index());
        node.put("count", window.count());
        JsonParts.put(node, "context", codePoints(e.context(), window.context()));
    }

    private void put(ObjectNode document, ClassificationExplanation e) {
        JsonParts.put(document, "text", e.text());
        JsonParts.putOrNull(document, "textPair", e.textPair());
        putLeftOut(document);
        JsonParts.put(document, "scoring", e.scoring().id());
        ObjectNode prediction = document.putObject("prediction");
        put(prediction, e.prediction());
        ArrayNode classes = prediction.putArray("classes");
        e.predictions().forEach(one -> put(classes.addObject(), one));
    }

    private static void put(ObjectNode node, ClassPrediction prediction) {
        node.put("index", prediction.index());
        JsonParts.put(node, "label", prediction.label());
        JsonParts.put(node, "logit", prediction.logit());
        JsonParts.putOrNull(node, "probability", prediction.probability());
    }

    private void put(ObjectNode document, ZeroShotExplanation e) {
        JsonParts.put(document, "text", e.text());
        JsonParts.put(document, "hypothesisTemplate", e.hypothesisTemplate());
        putLeftOut(document);
        ObjectNode prediction = document.putObject("prediction");
        put(prediction, e.prediction());
        ArrayNode labels = prediction.putArray("labels");
        e.predictions().forEach(one -> put(labels.addObject(), one));
    }

    private static void put(ObjectNode node, LabelPrediction prediction) {
        node.put("index", prediction.index());
        JsonParts.put(node, "label", prediction.label());
        JsonParts.put(node, "hypothesis", prediction.hypothesis());
        JsonParts.put(node, "entailmentLogit", prediction.entailmentLogit());
        JsonParts.put(node, "probability", prediction.probability());
    }

    private void put(ObjectNode document, TokenClassificationExplanation e) {
        JsonParts.put(document, "text", e.text());
        putLeftOut(document);
        ObjectNode prediction = document.putObject("prediction");
        ArrayNode entities = prediction.putArray("entities");
        for (Entity entity : e.entities()) {
            ObjectNode node = entities.addObject();
            JsonParts.put(node, "label", entity.label());
            JsonParts.put(node, "text", entity.text());
            JsonParts.put(node, "span", codePoints(e.text(), entity.span()));
            node.put("start", entity.start());
            node.put("end", entity.end());
            JsonParts.put(node, "probability", entity.probability());
        }
        ArrayNode tokens = prediction.putArray("tokens");
        for (TokenPrediction token : e.predictions()) {
            ObjectNode node = tokens.addObject();
            node.put("index", token.index());
            JsonParts.put(node, "text", token.token());
            JsonParts.put(node, "span", codePoints(e.text(), token.span()));
            node.put("labelIndex", token.labelIndex());
            JsonParts.put(node, "label", token.label());
            JsonParts.put(node, "logit", token.logit());
            JsonParts.put(node, "probability", token.probability());
        }
    }

    private void put(ObjectNode document, FillMaskExplanation e) {
        JsonParts.put(document, "text", e.text());
        putLeftOut(document);
        document.put("mask", e.mask());
        ObjectNode prediction = document.putObject("prediction");
        put(prediction, e.prediction());
        ArrayNode words = prediction.putArray("words");
        e.predictions().forEach(one -> put(words.addObject(), one));
    }

    private void put(ObjectNode document, SimilarityExplanation e) {
        JsonParts.put(document, "text", e.text());
        JsonParts.put(document, "textPair", e.textPair());
        putLeftOut(document);
        JsonParts.put(document, "pooling", e.pooling().id());
        JsonParts.put(document.putObject("prediction"), "cosine", e.cosine());
    }

    private void putLeftOut(ObjectNode document) {
        document.put("tokensLeftOut", explanation.run().tokensLeftOut());
    }

    private void add(ObjectNode node, TargetAttribution target) {
        JsonParts.put(node, "target", target.target());
        node.put("index", target.index());
        JsonParts.put(node, "label", target.label());
        if (explanation instanceof ZeroShotExplanation zeroShot) {
            JsonParts.put(node, "hypothesis", zeroShot.hypothesis(target));
        }
        JsonParts.put(node, "scoreKind", target.scoreKind().id());
        JsonParts.put(node, "score", target.score());
        JsonParts.putOrNull(node, "baselineScore", target.baselineScore());
        JsonParts.putOrNull(node, "delta", target.delta());
        JsonParts.put(node, "method", target.method());
        JsonParts.putOrNull(node, "quadrature", target.quadrature());
        node.put("steps", target.steps());
        JsonParts.putAccuracy(node, target.accuracy());
        JsonParts.put(node, "attributionSum", target.attributionSum());
        ArrayNode tokens = node.putArray("tokens");
        for (TokenAttribution token : target.tokens()) {
            ObjectNode entry = tokens.addObject();
            JsonParts.put(entry, "text", token.text());
            put(entry, target, token.source(), token.span(), token.raw(), token.attribution());
        }
        if (details.words()) {
            ArrayNode words = node.putArray("words");
            for (WordAttribution word : explanation.words(target)) {
                ObjectNode entry = words.addObject();
                JsonParts.put(entry, "text", word.text());
                entry.putArray("tokens").add(word.firstToken()).add(word.lastToken() + 1);
                put(entry, target, word.source(), word.span(), word.raw(), word.attribution());
            }
        }
    }

    private void put(ObjectNode entry, TargetAttribution target, Source source, Span span, double raw,
            double attribution) {
        JsonParts.put(entry, "source", source.id());
        JsonParts.put(entry, "span", span == null ? null : codePoints(explanation.text(target, source), span));
        JsonParts.put(entry, "raw", raw);
        JsonParts.put(entry, "attribution", attribution);
    }

    private Span codePoints(String text, Span span) {
        return span == null ? null : indices.computeIfAbsent(text, CodePointIndex::of).codePoints(span);
    }
}
