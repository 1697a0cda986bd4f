package dev.limpid.attribution.explain;

/**
 * What a classifier says of one class.
 *
 * @param index the class
 * @param label its label
 * @param logit its logit
 * @param probability its softmax probability among all classes; its own sigmoid where classes do not exclude each other; NaN where logits are amounts
 */
public record ClassPrediction(int index, String label, double logit, double probability) {}
