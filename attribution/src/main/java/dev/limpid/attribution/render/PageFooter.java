package dev.limpid.attribution.render;

import dev.limpid.attribution.explain.TargetAttribution;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.stream.Collectors;

/** The foot of a page: what the numbers on it mean, and how they were made. */
public final class PageFooter {
    private static final int MOST_DELTAS = 6;

    private final StringBuilder meanings = new StringBuilder();
    private final StringBuilder facts = new StringBuilder();

    /** Adds the meaning of a number, in a sentence. */
    public PageFooter meaning(String term, String sentence) {
        return add(meanings, term, sentence);
    }

    /** Adds something about how the page came to be. */
    public PageFooter fact(String term, String value) {
        return add(facts, term, value);
    }

    private PageFooter add(StringBuilder list, String term, String description) {
        list.append("<div><dt>").append(Html.escape(term)).append("</dt><dd>").append(Html.escape(description))
                .append("</dd></div>\n");
        return this;
    }

    /**
     * Adds the numbers that every explanation of tokens has.
     *
     * @param adds whether the method's attributions add up to a difference
     */
    PageFooter meaningsOfAttributions(String baseline, boolean adds) {
        if (adds) {
            meaning("Baseline score",
                    "The same number for " + baseline + "; the attributions explain the difference.")
                    .meaning("Raw attribution",
                            "What a token added to the score, or took from it, in the score's unit; the raw attributions"
                                    + " of all tokens add up to score − baseline score, but for the delta.");
        } else {
            meaning("Raw attribution",
                    "What the method finds of a token; its numbers do not add up to a difference of scores.");
        }
        meaning("Normalised attribution",
                "The raw one divided by the Euclidean length of its row's raw attributions, so that rows compare:"
                        + " between −1 and 1, the squares of a row adding up to 1; it decides the colour.")
                .meaning("Attribution sum",
                        "The sum of the normalised attributions, which transformers-interpret calls the attribution"
                                + " score: large when most tokens speak for the target, at most the square root of their"
                                + " number, and no probability.");
        return adds
                ? meaning("Delta",
                        "The sum of the raw attributions − (score − baseline score): what the integration missed;"
                                + " the closer to 0, the more exact the attributions, and more steps bring it closer.")
                : this;
    }

    /** Adds how the explanations were computed. */
    PageFooter facts(List<ShownTarget> targets) {
        TargetAttribution first = targets.getFirst().target();
        fact("Method", first.method());
        if (first.quadrature() != null) {
            fact("Quadrature", first.quadrature() + ", " + steps(targets));
        }
        long missed = targets.stream().map(t -> t.target().accuracy()).filter(a -> a != null && !a.met()).count();
        if (missed > 0) {
            fact("Not converged", missed + " of " + targets.size() + " within a tolerance of "
                    + first.accuracy().tolerance() + "; allow more steps");
        }
        return Double.isNaN(first.delta()) ? this : fact("Delta", deltas(targets));
    }

    private static String steps(List<ShownTarget> targets) {
        IntSummaryStatistics steps = targets.stream().mapToInt(t -> t.target().steps()).summaryStatistics();
        return steps.getMin() == steps.getMax()
                ? steps.getMin() + (steps.getMin() == 1 ? " step" : " steps")
                : steps.getMin() + " to " + steps.getMax() + " steps";
    }

    private static String deltas(List<ShownTarget> targets) {
        if (targets.size() <= MOST_DELTAS) {
            return targets.stream().map(t -> t.name() + " " + Decimals.fine(t.target().delta()))
                    .collect(Collectors.joining(", "));
        }
        return "at most "
                + Decimals.fine(targets.stream().mapToDouble(t -> Math.abs(t.target().delta())).max().orElse(0));
    }

    /** Appends the foot. */
    public void append(StringBuilder html) {
        html.append("<footer>\n<h2>What the numbers mean</h2>\n<dl>\n").append(meanings)
                .append("</dl>\n<h2>How they were made</h2>\n<dl>\n").append(facts).append("</dl>\n</footer>\n");
    }
}
