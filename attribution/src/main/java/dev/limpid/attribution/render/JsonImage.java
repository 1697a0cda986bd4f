package dev.limpid.attribution.render;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.limpid.attribution.explain.ClassPrediction;
import dev.limpid.attribution.explain.ImageAttribution;
import dev.limpid.attribution.explain.ImageExplanation;
import dev.limpid.attribution.explain.ImageFaithfulness;

/** The document of an image's classification. */
record JsonImage(ImageExplanation explanation, ImageDetails details) {
    private static final int TOP = 5;

    ObjectNode document() {
        ObjectNode document = JsonParts.document("image-classification", explanation.model(), explanation.device(),
                explanation.precision());
        JsonParts.put(document, "convention", explanation.convention().id());
        JsonParts.put(document, "baseline", explanation.baseline());
        putPrediction(document.putObject("prediction"));
        ObjectNode image = document.putObject("image");
        JsonParts.putOrNull(image, "name", details.name());
        putSize(image, explanation.original().height(), explanation.original().width());
        ObjectNode input = document.putObject("input");
        putSize(input, explanation.pixels().height(), explanation.pixels().width());
        input.put("channels", explanation.pixels().channels());
        putSize(input.putObject("patch"), explanation.patchHeight(), explanation.patchWidth());
        document.put("channels", explanation.pixels().channels());
        JsonParts.putOrNull(document, "map", details.map());
        ArrayNode explanations = document.putArray("explanations");
        for (int t = 0; t < explanation.explanations().size(); t++) {
            add(explanations.addObject(), t);
        }
        return document;
    }

    private static void putSize(ObjectNode node, int height, int width) {
        node.put("width", width);
        node.put("height", height);
    }

    private void putPrediction(ObjectNode prediction) {
        put(prediction, explanation.prediction());
        ArrayNode top = prediction.putArray("top");
        explanation.predictions().stream().limit(TOP).forEach(one -> put(top.addObject(), one));
    }

    private static void put(ObjectNode node, ClassPrediction prediction) {
        node.put("index", prediction.index());
        JsonParts.put(node, "label", prediction.label());
        JsonParts.put(node, "logit", prediction.logit());
        JsonParts.put(node, "probability", prediction.probability());
    }

    private void add(ObjectNode node, int t) {
        ImageAttribution attribution = explanation.explanations().get(t);
        JsonParts.put(node, "target", attribution.target());
        node.put("index", attribution.index());
        JsonParts.put(node, "label", attribution.label());
        JsonParts.put(node, "score", attribution.score());
        JsonParts.putOrNull(node, "baselineScore", attribution.baselineScore());
        JsonParts.putOrNull(node, "delta", attribution.delta());
        JsonParts.put(node, "method", attribution.method());
        JsonParts.putOrNull(node, "quadrature", attribution.quadrature());
        node.put("steps", attribution.steps());
        JsonParts.putAccuracy(node, attribution.accuracy());
        JsonParts.put(node, "attributionSum", attribution.attributionSum());
        if (details.seed() != null) {
            node.put("seed", details.seed());
        }
        if (details.map() != null) {
            JsonParts.put(node, "tensor", details.tensors().get(t));
        }
        if (!details.metrics().isEmpty()) {
            putMetrics(node.putObject("metrics"), details.metrics().get(t));
        }
        if (details.patches()) {
            ArrayNode rows = node.putArray("patches");
            for (double[] row : PatchSums.of(explanation, attribution)) {
                JsonParts.addRow(rows, row);
            }
        }
    }

    private static void putMetrics(ObjectNode node, ImageFaithfulness metrics) {
        JsonParts.put(node, "infidelity", metrics.infidelity());
        JsonParts.put(node, "deletionAuc", metrics.deletionAuc());
        JsonParts.put(node, "insertionAuc", metrics.insertionAuc());
        JsonParts.put(node, "comprehensiveness", metrics.comprehensiveness());
        JsonParts.put(node, "sufficiency", metrics.sufficiency());
    }
}
