package dev.limpid.attribution.render;

import dev.limpid.attribution.explain.TokenAttribution;
import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.tokenizer.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokens a model read, in order, each on the colour of its attribution, with its numbers shown on hover.
 *
 * <p>Tokens stand next to each other as they do in the text: a wordpiece is attached to its word, without its {@code ##}, and so is a comma.
 *
 * @param shown the target whose tokens, or words, they are
 */
record TokenStrip(ShownTarget shown) {
    private static final String PIECE = "##";

    /** Appends the strip. */
    void append(StringBuilder html) {
        List<TokenAttribution> tokens = shown.tokens();
        html.append("<div class=\"words\" lang=\"\" dir=\"").append(direction(tokens)).append("\">");
        for (int t = 0; t < tokens.size(); t++) {
            boolean joined = isJoined(tokens, t);
            if (t > 0 && !joined) {
                html.append(startsText(tokens.get(t - 1), tokens.get(t)) ? "<br>\n" : "\n");
            }
            List<String> classes = new ArrayList<>();
            addIf(classes, "special", tokens.get(t).source() == Source.SPECIAL);
            addIf(classes, "joined", joined);
            addIf(classes, "open", isJoined(tokens, t + 1));
            addIf(classes, "answered", t >= shown.first() && t <= shown.last());
            addIf(classes, "target", t == shown.outlined());
            append(html, tokens.get(t), classes);
        }
        html.append("</div>");
    }

    private static void addIf(List<String> classes, String name, boolean condition) {
        if (condition) {
            classes.add(name);
        }
    }

    private void append(StringBuilder html, TokenAttribution token, List<String> classes) {
        html.append("<span");
        if (!classes.isEmpty()) {
            html.append(" class=\"").append(String.join(" ", classes)).append('"');
        }
        html.append(" style=\"background-color: ").append(AttributionColour.of(token.attribution()).css())
                .append("\" title=\"").append(Html.escape(hover(token))).append("\"><bdi>")
                .append(Html.escape(shown(token))).append("</bdi></span>");
    }

    private String hover(TokenAttribution token) {
        StringBuilder hover = new StringBuilder(token.text());
        String original = original(token);
        if (!original.isEmpty() && !original.equalsIgnoreCase(shown(token))) {
            hover.append("\nin the text: ").append(original);
        }
        return hover.append("\nraw ").append(Decimals.signed(token.raw())).append("\nnormalised ")
                .append(Decimals.signed(token.attribution())).toString();
    }

    private String original(TokenAttribution token) {
        return token.span() == null ? "" : token.span().of(shown.texts().apply(token.source()));
    }

    /** What stands on the page: the token without the mark of a wordpiece. */
    static String shown(TokenAttribution token) {
        return isPiece(token) ? token.text().substring(PIECE.length()) : token.text();
    }

    private static boolean isPiece(TokenAttribution token) {
        return token.source() != Source.SPECIAL && token.text().startsWith(PIECE)
                && token.text().length() > PIECE.length();
    }

    /** Whether token {@code t} follows the one before it with nothing between them in their text; false past either end. */
    static boolean isJoined(List<TokenAttribution> tokens, int t) {
        if (t < 1 || t >= tokens.size()) {
            return false;
        }
        Span left = tokens.get(t - 1).span();
        Span right = tokens.get(t).span();
        boolean adjacent = left != null && right != null && tokens.get(t - 1).source() == tokens.get(t).source()
                && left.end() == right.start();
        return adjacent || isPiece(tokens.get(t));
    }

    private static boolean startsText(TokenAttribution before, TokenAttribution token) {
        return before.source() == Source.SPECIAL && switch (token.source()) {
            case CONTEXT, TEXT_PAIR, HYPOTHESIS -> true;
            case SPECIAL, QUESTION, TEXT -> false;
        };
    }

    /** That of the first letter with a direction in a text from outside; special tokens are English in every model. */
    private static String direction(List<TokenAttribution> tokens) {
        return tokens.stream().filter(token -> token.source() != Source.SPECIAL)
                .flatMapToInt(token -> token.text().codePoints())
                .mapToObj(c -> switch (Character.getDirectionality(c)) {
                    case Character.DIRECTIONALITY_LEFT_TO_RIGHT -> "ltr";
                    case Character.DIRECTIONALITY_RIGHT_TO_LEFT, Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC -> "rtl";
                    default -> "";
                })
                .filter(d -> !d.isEmpty()).findFirst().orElse("ltr");
    }
}
