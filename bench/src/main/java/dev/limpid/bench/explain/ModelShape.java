package dev.limpid.bench.explain;

import dev.limpid.tensor.Ops;
import java.nio.file.Path;
import java.util.List;

/**
 * A model's published size and the length of what it is explained on: {@code bert-large-384}, {@code vit-base}, …
 *
 * @param name what {@code --shapes} takes
 * @param model the size, without the length: shapes of one model share their weights
 * @param tokens T
 */
public record ModelShape(String name, String model, int tokens) {
    /** All there are. The tiny ones are for trying things out. */
    private static final List<ModelShape> ALL = List.of(bert("bert-tiny", 16),
            bert("bert-base", 48),
            bert("bert-base", 128),
            bert("bert-base", 384), bert("bert-large", 48), bert("bert-large", 128), bert("bert-large", 384),
            bert("minilm", 128), new ModelShape("vit-tiny", "vit-tiny", 17),
            new ModelShape("vit-base", "vit-base", 197));

    private static ModelShape bert(String model, int tokens) {
        return new ModelShape(model + "-" + tokens, model, tokens);
    }

    /** The names of all. */
    public static List<String> names() {
        return ALL.stream().map(ModelShape::name).toList();
    }

    /** Those of these names; all but the tiny ones where there are none. */
    public static List<ModelShape> named(List<String> names) {
        return ALL.stream()
                .filter(shape -> names.isEmpty() ? !shape.model.endsWith("-tiny") : names.contains(shape.name))
                .toList();
    }

    /** All shapes of the same model, which differ in length only. */
    List<ModelShape> ofSameModel() {
        return ALL.stream().filter(shape -> shape.model.equals(model)).toList();
    }

    /** Whether its inputs are images. */
    public boolean image() {
        return model.startsWith("vit");
    }

    /** Opens it on a device: with random weights, or with those of the folder {@code model} in {@code checkpoints} if that is not null. */
    public ExplainedModel open(Ops ops, Path checkpoints) {
        Path folder = checkpoints == null ? null : checkpoints.resolve(model);
        return image() ? ExplainedViT.open(ops, this, folder) : ExplainedBert.open(ops, this, folder);
    }

    /** The random weights, by the names of the published checkpoint. */
    RandomWeights weights() {
        return image() ? RandomViT.weights(RandomViT.config(model)) : RandomBert.weights(RandomBert.config(model));
    }
}
