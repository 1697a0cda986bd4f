package dev.limpid.attribution.render.picture;

/**
 * A class the model sees in an image.
 *
 * @param index of the class
 * @param label its name
 * @param logit the model's output for it
 * @param probability after softmax
 */
public record Prediction(int index, String label, double logit, double probability) {}
