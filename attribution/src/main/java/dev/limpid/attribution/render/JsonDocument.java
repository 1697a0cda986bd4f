package dev.limpid.attribution.render;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.limpid.attribution.explain.Answer;
import dev.limpid.attribution.explain.ImageExplanation;
import dev.limpid.attribution.explain.QuestionAnsweringExplanation;
import dev.limpid.attribution.explain.Window;
import dev.limpid.tokenizer.CodePointIndex;

/**
 * An explanation as JSON; {@code docs/schema.json} describes it.
 *
 * <p>Positions in texts are in Unicode code points, half-open: {@code [from, to]}. Numbers are the shortest decimals that read back as the same double.
 * Unpaired surrogates, which JSON readers refuse, are replaced by U+FFFD; that moves no position.
 */
public final class JsonDocument {
    private JsonDocument() {}

    /**
     * The document of an answer.
     *
     * @return indented, one line a token, with a line feed at the end
     * @throws IllegalArgumentException if a number is not finite, naming it
     */
    public static String of(QuestionAnsweringExplanation explanation) {
        CodePointIndex question = CodePointIndex.of(explanation.question());
        CodePointIndex context = CodePointIndex.of(explanation.context());
        ObjectNode document = JsonParts.document("question-answering", explanation.model(), explanation.device(),
                explanation.precision());
        JsonParts.put(document, "convention", explanation.convention().id());
        JsonParts.put(document, "baseline", explanation.baseline().id());
        JsonParts.put(document, "question", explanation.question());
        JsonParts.put(document, "context", explanation.context());
        put(document, explanation.answer(), context);
        put(document, explanation.window(), context);
        JsonParts.putExplanations(document, explanation.explanations(), source -> switch (source) {
            case QUESTION -> question;
            default -> context;
        });
        return JsonParts.text(document);
    }

    /**
     * The document of an image's class.
     *
     * @return indented, with a line feed at the end
     * @throws IllegalArgumentException if a number is infinite, or not a number where there must be one, naming it
     */
    public static String of(ImageExplanation explanation, ImageDetails details) {
        return JsonParts.text(new JsonImage(explanation, details).document());
    }

    /** As {@link #of(ImageExplanation, ImageDetails)}, but on one line: a file of such lines holds the documents of several images. */
    public static String line(ImageExplanation explanation, ImageDetails details) {
        return JsonParts.line(new JsonImage(explanation, details).document());
    }

    private static void put(ObjectNode document, Answer answer, CodePointIndex context) {
        ObjectNode prediction = document.putObject("prediction");
        JsonParts.put(prediction, "answer", answer.text());
        prediction.put("start", answer.start());
        prediction.put("end", answer.end());
        JsonParts.put(prediction, "text", context.codePoints(answer.span()));
        JsonParts.put(prediction, "startLogit", answer.startLogit());
        JsonParts.put(prediction, "endLogit", answer.endLogit());
    }

    private static void put(ObjectNode document, Window window, CodePointIndex context) {
        ObjectNode node = document.putObject("window");
        node.put("index", window.index());
        node.put("count", window.count());
        JsonParts.put(node, "context", context.codePoints(window.context()));
    }
}
