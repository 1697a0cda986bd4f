package dev.limpid.attribution.render;

import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.explain.QuestionAnsweringExplanation;

/**
 * An explanation as HTML.
 *
 * <p>In the default convention a whole page: valid HTML5 in UTF-8, all styles inside, no script, nothing fetched (a content security policy forbids
 * both), readable on light and dark screens and on paper. Every text from outside is escaped; characters that HTML cannot hold are shown as U+FFFD.
 * In the transformers-interpret convention the table its {@code visualize()} saves: {@link CaptumTable}.
 */
public final class HtmlPage {
    private HtmlPage() {}

    /** The page of an answer. */
    public static String of(QuestionAnsweringExplanation explanation) {
        return explanation.convention() == Convention.TRANSFORMERS_INTERPRET
                ? CaptumTable.of(explanation)
                : QuestionAnsweringPage.of(explanation);
    }
}
