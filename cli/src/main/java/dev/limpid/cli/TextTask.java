package dev.limpid.cli;

import dev.limpid.attribution.explain.LimpidModel;
import dev.limpid.attribution.explain.LoadOptions;
import dev.limpid.attribution.explain.TextExplanation;
import dev.limpid.attribution.explain.TextOptions;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What one command about texts does otherwise than the next.
 *
 * @param fields the texts it needs, by the names they have in files of inputs
 * @param given those given in the call
 * @param example what is explained where nothing is given; empty where there is no embedded model for the task
 * @param load loads the model
 * @param explainer makes of the model what explains the texts; told once for all texts, so that a model of another kind is refused at once
 */
record TextTask(List<String> fields, Map<String, String> given, Map<String, String> example,
        Function<LoadOptions, LimpidModel> load, Function<LimpidModel, Explainer> explainer) {
    static final String TEXT = "text";
    static final String PAIR = "pair";

    TextTask {
        given = Map.copyOf(given);
        example = Map.copyOf(example);
    }

    /** Explains the texts of each of some inputs. */
    @FunctionalInterface
    interface Explainer {
        List<? extends TextExplanation> explain(List<Map<String, String>> inputs, TextOptions options);
    }

    /** One by one, where nothing is gained by several at once. */
    static Explainer oneByOne(BiFunction<Map<String, String>, TextOptions, TextExplanation> explain) {
        return (inputs, options) -> inputs.stream().map(texts -> explain.apply(texts, options)).toList();
    }

    /** A field of each input. */
    static List<String> all(List<Map<String, String>> inputs, String field) {
        return inputs.stream().map(texts -> texts.get(field)).toList();
    }
}
