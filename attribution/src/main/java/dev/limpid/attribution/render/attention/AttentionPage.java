package dev.limpid.attribution.render.attention;

import dev.limpid.attribution.render.Html;
import dev.limpid.attribution.render.PageFooter;
import dev.limpid.attribution.render.PageFrame;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Attention as HTML, to look around in: a head view, a model view and, with queries and keys, a neuron view.
 *
 * <p>The page is valid HTML5 in UTF-8 with everything inside: a content security policy forbids to fetch anything and to run any script but its own. A weight takes
 * one byte, scaled by the largest of its row, and a layer is decoded when it is first shown. Every text from outside is escaped.
 */
public final class AttentionPage {
    private static final String STYLE = resource("attention.css");
    /** In this order: each reads what those before it define. */
    private static final List<String> SCRIPTS = List.of("data.js", "lines.js", "pair.js", "head-view.js",
            "model-view.js", "neuron-view.js", "page.js");
    private static final String SCRIPT = SCRIPTS.stream().map(AttentionPage::resource)
            .collect(Collectors.joining("\n", "\"use strict\";\n\n", ""));

    private AttentionPage() {}

    private static String resource(String name) {
        try (InputStream in = AttentionPage.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The page of a figure.
     *
     * @throws IllegalArgumentException if the options name a layer or head that is not there, or ask for the neuron view of a figure without queries and keys
     */
    public static String of(AttentionFigure figure, AttentionOptions options) {
        AttentionStack main = figure.stacks().getFirst();
        List<Integer> layers = included("layer", options.includeLayers(), main.layers().size());
        List<Integer> heads = included("head", options.includeHeads(), main.heads());
        if (options.layer() >= 0) {
            requireAmong("layer", options.layer(), layers);
        }
        options.heads().forEach(head -> requireAmong("head", head, heads));
        if (options.view() == AttentionView.NEURON && figure.projections() == null) {
            throw new IllegalArgumentException("the neuron view shows queries and keys, and this figure has none");
        }
        StringBuilder html = new StringBuilder("<header>\n<p class=\"kicker\">Attention</p>\n");
        html.append(Html.isolated("h1", figure.name())).append("\n</header>\n");
        AttentionData data = new AttentionData(figure, options, layers, heads);
        AttentionControls.append(html, figure, options);
        html.append("""
                <noscript><p class="note">This page draws attention with its script, which is turned off.</p></noscript>
                <section id="stage" aria-label="Attention"></section>
                <p id="status" class="note" role="status"></p>
                """);
        appendFooter(html, figure);
        data.append(html);
        return PageFrame.page("Attention: " + figure.name(), html, STYLE, SCRIPT);
    }

    private static List<Integer> included(String what, List<Integer> chosen, int count) {
        List<Integer> all = IntStream.range(0, count).boxed().toList();
        chosen.forEach(index -> requireAmong(what, index, all));
        return chosen.isEmpty() ? all : chosen.stream().distinct().sorted().toList();
    }

    private static void requireAmong(String what, int index, List<Integer> there) {
        if (!there.contains(index)) {
            throw new IllegalArgumentException("there is no " + what + " " + index + " to show; there are "
                    + there.getFirst() + " to " + there.getLast()
                    + (there.size() == there.getLast() - there.getFirst() + 1 ? "" : ", some left out")
                    + ", counted from 0");
        }
    }

    private static void appendFooter(StringBuilder html, AttentionFigure figure) {
        PageFooter footer = new PageFooter();
        figure.stacks().forEach(stack -> footer.meaning(stack.title(), stack.meaning()));
        if (figure.projections() != null) {
            footer.meaning("Query, key",
                    "The vectors whose product, divided by the square root of their size, is the score; the softmax of a"
                            + " row's scores is its attention. Padding is left out of the softmax and not of the scores.");
        }
        footer.meaning("Numbers",
                "Layers, heads and tokens are counted from 0. A number is exact to 1/255 of the largest"
                        + " in its row.");
        footer.fact("Model", figure.model()).fact("Device", figure.device());
        if (figure.target() != null) {
            footer.fact("Target", figure.target());
        }
        footer.append(html);
    }

}
