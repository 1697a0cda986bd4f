package dev.limpid.attribution.render;

import dev.limpid.attribution.explain.ClassificationExplanation;
import dev.limpid.attribution.explain.FillMaskExplanation;
import dev.limpid.attribution.explain.QuestionAnsweringExplanation;
import dev.limpid.attribution.explain.ScoreKind;
import dev.limpid.attribution.explain.SimilarityExplanation;
import dev.limpid.attribution.explain.TargetAttribution;
import dev.limpid.attribution.explain.TextExplanation;
import dev.limpid.attribution.explain.TokenAttribution;
import dev.limpid.attribution.explain.TokenClassificationExplanation;
import dev.limpid.attribution.explain.ZeroShotExplanation;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An explanation for a terminal: the prediction; for each target a bar of all tokens on the colours of their attributions, and a table of the strongest.
 *
 * <p>The bar is black on the light colours of the scale, which reads the same on dark and light terminals; without colour it is left out. Texts from
 * outside never reach the terminal as anything but visible characters.
 */
public final class TokenBar {
    private static final int STRONGEST = 8;
    private static final int NARROWEST = 20;
    private static final int WIDEST_TOKEN = 24;
    private static final String BLACK_ON = "\u001b[38;2;0;0;0;48;2;";
    private static final String RESET = "\u001b[0m";

    private final StringBuilder out = new StringBuilder();
    private final boolean colour;
    private final int width;

    private TokenBar(boolean colour, int width) {
        this.colour = colour;
        this.width = Math.max(width, NARROWEST);
    }

    /**
     * The prediction, and what is explained of it, with tokens.
     *
     * @param colour whether to write escape sequences (24-bit colour); without, the text has none
     * @param width columns of the terminal; at least 20 are used
     * @return lines, each ending with a line feed
     */
    public static String of(TextExplanation explanation, boolean colour, int width) {
        return of(explanation, TextDetails.TOKENS, colour, width);
    }

    /** As {@link #of(TextExplanation, boolean, int)}, with tokens or words. */
    public static String of(TextExplanation explanation, TextDetails details, boolean colour, int width) {
        TokenBar bar = new TokenBar(colour, width);
        bar.appendPrediction(explanation);
        ShownTarget.of(explanation, details).forEach(bar::append);
        return bar.out.toString();
    }

    private void appendPrediction(TextExplanation explanation) {
        switch (explanation) {
            case QuestionAnsweringExplanation e -> appendAnswer(e);
            case TokenClassificationExplanation e when e.entities().isEmpty() -> out.append("no entities\n");
            case ClassificationExplanation e -> {
                String probability = Double.isNaN(e.prediction().probability())
                        ? ""
                        : ", " + PredictionTable.percent(e.prediction().probability());
                appendPrediction(e.prediction().label() + probability);
            }
            case ZeroShotExplanation e -> appendPrediction(
                    e.prediction().label() + ", " + PredictionTable.percent(e.prediction().probability()));
            case FillMaskExplanation e -> appendPrediction(
                    e.prediction().label() + ", " + PredictionTable.percent(e.prediction().probability()));
            case SimilarityExplanation e -> appendWrapped("cosine  " + Decimals.fixed(e.cosine(), 4));
            case TokenClassificationExplanation _ -> {
                // Its entities are the table below.
            }
        }
        PredictionTable table = PredictionTable.of(explanation);
        if (!table.rows().isEmpty()) {
            table.appendText(out);
        }
        if (explanation.run().tokensLeftOut() > 0) {
            appendWrapped("cut off  the last " + explanation.run().tokensLeftOut() + " tokens of the text");
        }
    }

    private void appendPrediction(String prediction) {
        appendWrapped("prediction  " + VisibleText.forTerminal(prediction));
        out.append('\n');
    }

    private void appendAnswer(QuestionAnsweringExplanation explanation) {
        String answer = VisibleText.forTerminal(explanation.answer().text()).strip();
        appendWrapped("answer  " + (answer.isEmpty() ? "(none in this context)" : answer));
        if (explanation.window().count() > 1) {
            appendWrapped("window  " + (explanation.window().index() + 1) + " of " + explanation.window().count()
                    + " of the context");
        }
    }

    private void append(ShownTarget shown) {
        TargetAttribution target = shown.target();
        out.append('\n');
        appendWrapped(target.target() + "  " + VisibleText.forTerminal(shown.label()) + " (" + target.index() + ")  "
                + (target.scoreKind() == ScoreKind.LOGIT ? "score" : target.scoreKind().id()) + " "
                + Decimals.fixed(target.score(), 2)
                + (Double.isNaN(target.baselineScore())
                        ? ""
                        : "  baseline " + Decimals.fixed(target.baselineScore(), 2))
                + (Double.isNaN(target.delta()) ? "" : "  delta " + Decimals.fine(target.delta())));
        if (colour) {
            appendBar(target.tokens());
        }
        appendStrongest(target.tokens());
    }

    private void appendBar(List<TokenAttribution> tokens) {
        int column = 0;
        for (int t = 0; t < tokens.size(); t++) {
            String text = VisibleText.forTerminal(TokenStrip.shown(tokens.get(t)));
            int gap = column == 0 || TokenStrip.isJoined(tokens, t) ? 0 : 1;
            if (column > 0 && column + gap + TextWidth.of(text) > width) {
                out.append('\n');
                column = 0;
                gap = 0;
            }
            if (gap > 0) {
                appendColoured(" ", AttributionColour.of(0));
            }
            column += gap;
            for (String part : TextWidth.split(text, width)) {
                if (column > 0 && column + TextWidth.of(part) > width) {
                    out.append('\n');
                    column = 0;
                }
                appendColoured(part, AttributionColour.of(tokens.get(t).attribution()));
                column += TextWidth.of(part);
            }
        }
        out.append('\n');
    }

    private void appendColoured(String text, AttributionColour c) {
        out.append(BLACK_ON).append(c.red()).append(';').append(c.green()).append(';').append(c.blue()).append('m')
                .append(text).append(RESET);
    }

    /** The tokens whose attributions are largest, the largest first; of equals the earlier one. */
    private void appendStrongest(List<TokenAttribution> tokens) {
        List<Integer> strongest = IntStream.range(0, tokens.size()).boxed()
                .sorted(Comparator.comparingDouble((Integer t) -> -Math.abs(tokens.get(t).attribution())))
                .limit(STRONGEST).toList();
        List<String> names = strongest.stream()
                .map(t -> TextWidth.split(VisibleText.forTerminal(tokens.get(t).text()), WIDEST_TOKEN).getFirst())
                .toList();
        int nameWidth = Math.max(5, names.stream().mapToInt(TextWidth::of).max().orElse(0));
        appendRow(nameWidth, "index", "token", "attribution", "raw");
        for (int i = 0; i < strongest.size(); i++) {
            TokenAttribution token = tokens.get(strongest.get(i));
            appendRow(nameWidth, Integer.toString(strongest.get(i)), names.get(i), Decimals.signed(token.attribution()),
                    Decimals.signed(token.raw()));
        }
    }

    private void appendRow(int nameWidth, String index, String name, String attribution, String raw) {
        out.append("%5s  ".formatted(index)).append(name).append(" ".repeat(nameWidth - TextWidth.of(name)))
                .append("  %11s  %10s\n".formatted(attribution, raw));
    }

    private void appendWrapped(String text) {
        int column = 0;
        for (String word : text.split(" ", -1)) {
            if (column > 0 && column + 1 + TextWidth.of(word) > width) {
                out.append('\n');
                column = 0;
            } else if (column > 0) {
                out.append(' ');
                column++;
            }
            out.append(word);
            column += TextWidth.of(word);
        }
        out.append('\n');
    }
}
