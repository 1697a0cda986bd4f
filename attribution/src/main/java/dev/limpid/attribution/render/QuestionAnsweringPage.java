package dev.limpid.attribution.render;

import dev.limpid.attribution.explain.Answer;
import dev.limpid.attribution.explain.QuestionAnsweringExplanation;
import dev.limpid.tokenizer.Span;

/** The page of an answer: the question, the answer in its context, why it starts and why it ends where it does, and what the numbers mean. */
final class QuestionAnsweringPage {
    private final QuestionAnsweringExplanation explanation;
    private final StringBuilder html = new StringBuilder();

    private QuestionAnsweringPage(QuestionAnsweringExplanation explanation) {
        this.explanation = explanation;
    }

    static String of(QuestionAnsweringExplanation explanation, TextDetails details) {
        QuestionAnsweringPage page = new QuestionAnsweringPage(explanation);
        page.appendHeader();
        TextSections sections = new TextSections(explanation, details);
        sections.appendAttributions(page.html, "Why the answer starts and ends there", "Token", "the token explained",
                "the answer");
        sections.appendFooter(page.html,
                "The model's logit for the answer to start (end) at that token: the higher, the"
                        + " surer; it has no unit and is no probability.");
        return PageFrame.page(explanation.question(), page.html);
    }

    private void appendHeader() {
        Answer answer = explanation.answer();
        html.append("<header>\n<p class=\"kicker\">Question answering, explained</p>\n")
                .append(Html.isolated("h1", explanation.question()))
                .append("\n<p class=\"answer\"><span class=\"label\">Answer</span>")
                .append(answer.text().isEmpty() ? "none in this context" : Html.isolated("strong", answer.text()))
                .append("</p>\n");
        appendContext(answer.span());
        if (explanation.window().count() > 1) {
            html.append("<p class=\"note\">The context is longer than the model's window, so it was read in ")
                    .append(explanation.window().count()).append(" overlapping windows; this page shows and explains")
                    .append(" window ").append(explanation.window().index() + 1).append(" of ")
                    .append(explanation.window().count()).append(", the one with the best answer.</p>\n");
        }
        html.append("</header>\n");
    }

    /** The window's part of the context without the blank lines around it, the answer marked in it. */
    private void appendContext(Span answer) {
        String context = explanation.context();
        boolean whole = explanation.window().count() == 1;
        Span window = whole ? new Span(0, context.length()) : explanation.window().context();
        String before = context.substring(window.start(), answer == null ? window.end() : answer.start());
        String after = answer == null ? "" : context.substring(answer.end(), window.end());
        html.append("<p class=\"context\" lang=\"\" dir=\"auto\">").append(window.start() > 0 ? "… " : "")
                .append(Html.escape(before.stripLeading()));
        if (answer != null) {
            html.append("<mark>").append(Html.escape(answer.of(context))).append("</mark>");
        }
        html.append(Html.escape(after.stripTrailing())).append(window.end() < context.length() ? " …" : "")
                .append("</p>\n");
    }
}
