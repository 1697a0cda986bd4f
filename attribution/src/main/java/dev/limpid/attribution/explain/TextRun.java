package dev.limpid.attribution.explain;

/**
 * What an explanation of a text was computed with, and by which rules.
 *
 * @param model the model's name
 * @param device the device it ran on
 * @param precision {@code f32} or {@code f64}
 * @param convention the rules followed
 * @param baseline what the path started from
 * @param tokensLeftOut tokens cut off because the text is longer than the model's window; 0 unless that was allowed
 */
public record TextRun(String model, String device, String precision, Convention convention, Baseline baseline,
        int tokensLeftOut) {
    static TextRun of(LimpidModel model, TextOptions options, int tokensLeftOut) {
        return new TextRun(model.name(), model.device(), model.precision(), options.convention(), options.baseline(),
                tokensLeftOut);
    }
}
