package dev.limpid.attribution.render;

import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.explain.QuestionAnsweringExplanation;
import dev.limpid.attribution.explain.TextExplanation;

/**
 * An explanation as HTML.
 *
 * <p>In the default convention a whole page: valid HTML5 in UTF-8, all styles inside, no script, nothing fetched (a content security policy forbids
 * both), readable on light and dark screens and on paper. Every text from outside is escaped; characters that HTML cannot hold are shown as U+FFFD.
 * In the transformers-interpret convention the table its {@code visualize()} saves: {@link CaptumTable}.
 */
public final class HtmlPage {
    private HtmlPage() {}

    /** The page of what a model made of a text, with tokens. */
    public static String of(TextExplanation explanation) {
        return of(explanation, TextDetails.TOKENS);
    }

    /** The page of what a model made of a text, with tokens or words. */
    public static String of(TextExplanation explanation, TextDetails details) {
        if (explanation.run().convention() == Convention.TRANSFORMERS_INTERPRET) {
            return CaptumTable.of(explanation);
        }
        return explanation instanceof QuestionAnsweringExplanation answer
                ? QuestionAnsweringPage.of(answer, details)
                : TextPage.of(explanation, details);
    }
}
