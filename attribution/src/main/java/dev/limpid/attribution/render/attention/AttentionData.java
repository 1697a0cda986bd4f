package dev.limpid.attribution.render.attention;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.limpid.attribution.render.VisibleText;
import java.util.Base64;
import java.util.List;

/** What a page's script reads: one small JSON, and an element for each layer of each stack, so that a layer is decoded only when it is shown. */
final class AttentionData {
    private final AttentionFigure figure;
    private final AttentionOptions options;
    private final List<Integer> layers;
    private final List<Integer> heads;

    /**
     * @param layers on the page
     * @param heads on the page, of stacks that are not fused
     */
    AttentionData(AttentionFigure figure, AttentionOptions options, List<Integer> layers, List<Integer> heads) {
        this.figure = figure;
        this.options = options;
        this.layers = layers;
        this.heads = heads;
    }

    void append(StringBuilder html) {
        html.append("<script type=\"application/json\" id=\"data\">").append(json()).append("</script>\n");
        int length = figure.tokens().texts().size();
        for (AttentionStack stack : figure.stacks()) {
            for (int layer : layers) {
                block(html, stack.id() + "-" + layer,
                        QuantisedRows.bytes(stack.layers().get(layer), length, headsOf(stack)));
            }
        }
        if (figure.projections() != null) {
            for (int layer : layers) {
                block(html, "projections-" + layer,
                        QuantisedRows.shorts(
                                List.of(figure.projections().queries().get(layer),
                                        figure.projections().keys().get(layer)),
                                length, figure.projections().headSize(), heads));
            }
        }
    }

    private static void block(StringBuilder html, String id, String base64) {
        html.append("<script type=\"application/octet-stream\" id=\"").append(id).append("\">").append(base64)
                .append("</script>\n");
    }

    private List<Integer> headsOf(AttentionStack stack) {
        return stack.fused() ? List.of(0) : heads;
    }

    /** As JSON that can stand in a script element: nothing in it ends the element. */
    private String json() {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("view", options.view().id()).put("layer", options.layer() < 0 ? layers.getFirst() : options.layer());
        ArrayNode tokens = data.putArray("tokens");
        figure.tokens().texts().forEach(text -> tokens.add(VisibleText.forMarkup(text)));
        data.put("sentenceB", figure.tokens().sentenceB());
        integers(data.putArray("layers"), layers);
        integers(data.putArray("active"), options.heads());
        ArrayNode stacks = data.putArray("stacks");
        for (AttentionStack stack : figure.stacks()) {
            ObjectNode node = stacks.addObject();
            node.put("id", stack.id()).put("title", stack.title())
                    .put("fused", stack.fused())
                    .put("shares", stack.shares());
            integers(node.putArray("heads"), headsOf(stack));
        }
        data.put("headSize", figure.projections() == null ? 0 : figure.projections().headSize());
        ArrayNode colours = data.putArray("colours");
        HeadColours.ALL.forEach(colours::add);
        addPatches(data);
        return data.toString().replace("<", "\\u003c");
    }

    private void addPatches(ObjectNode data) {
        AttentionTokens.Patches patches = figure.tokens().patches();
        if (patches != null) {
            data.putObject("patches").put("rows", patches.rows()).put("columns", patches.columns())
                    .put("first", patches.first()).put("width", patches.image().width())
                    .put("height", patches.image().height()).put("source", "data:image/png;base64,"
                            + Base64.getEncoder().encodeToString(patches.image().png()));
        }
    }

    private static void integers(ArrayNode array, List<Integer> values) {
        values.forEach(array::add);
    }
}
