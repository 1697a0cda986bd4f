package dev.limpid.attribution.render;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.limpid.attribution.explain.AttentionExplanation;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.tokenizer.CodePointIndex;
import dev.limpid.tokenizer.Span;
import java.util.HashMap;
import java.util.Map;

/** The document of what a model attended to: a score by rollout, and one by relevance, for each token. */
record JsonAttention(AttentionExplanation explanation, AttentionDetails details) {
    ObjectNode document() {
        ObjectNode document = JsonParts.document("attention", explanation.model(), explanation.device(),
                explanation.precision());
        if (explanation.image() == null) {
            JsonParts.put(document, "text", explanation.text());
            JsonParts.putOrNull(document, "textPair", explanation.pair());
            document.put("tokensLeftOut", explanation.tokensLeftOut());
        } else {
            putImage(document);
        }
        document.put("layers", explanation.maps().layers());
        document.put("heads", explanation.maps().heads());
        JsonParts.putOrNull(document, "map", details.map());
        JsonParts.putOrNull(document, "target", explanation.target());
        JsonParts.putOrNull(document, "score", explanation.score());
        putTokens(document.putArray("tokens"));
        return document;
    }

    private void putImage(ObjectNode document) {
        JsonParts.putOrNull(document.putObject("image"), "name", details.imageName());
        ObjectNode input = document.putObject("input");
        input.put("width", explanation.image().width());
        input.put("height", explanation.image().height());
        ObjectNode patch = input.putObject("patch");
        patch.put("width", explanation.image().width() / explanation.patchColumns());
        patch.put("height", explanation.image().height() / explanation.patchRows());
    }

    private void putTokens(ArrayNode tokens) {
        double[] rollout = explanation.rollout();
        double[] relevance = explanation.maps().hasGradients() ? explanation.relevance() : null;
        Map<Source, CodePointIndex> indices = new HashMap<>();
        for (int t = 0; t < rollout.length; t++) {
            ObjectNode token = tokens.addObject();
            JsonParts.put(token, "text", explanation.tokens().get(t));
            if (explanation.image() == null) {
                Source source = explanation.sources().get(t);
                Span span = explanation.spans().get(t);
                JsonParts.put(token, "source", source.id());
                JsonParts.put(token, "span", span == null
                        ? null
                        : indices.computeIfAbsent(source, one -> CodePointIndex.of(text(one))).codePoints(span));
            } else {
                putPatch(token, t);
            }
            JsonParts.put(token, "rollout", rollout[t]);
            JsonParts.putOrNull(token, "relevance", relevance == null ? Double.NaN : relevance[t]);
        }
    }

    private String text(Source source) {
        return source == Source.TEXT_PAIR ? explanation.pair() : explanation.text();
    }

    private void putPatch(ObjectNode token, int t) {
        int patch = t - explanation.firstPatch();
        if (patch < 0) {
            token.putNull("patch");
        } else {
            token.putArray("patch").add(patch / explanation.patchColumns()).add(patch % explanation.patchColumns());
        }
    }
}
