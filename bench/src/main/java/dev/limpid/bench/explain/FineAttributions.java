package dev.limpid.bench.explain;

import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Steps;
import dev.limpid.bench.explain.ExplainedModel.Explained;
import dev.limpid.safetensors.SafetensorsFile;
import dev.limpid.safetensors.SafetensorsWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a checkpoint's attributions are by very many nodes: computed once, which takes minutes, and kept beside it. */
public final class FineAttributions {
    private FineAttributions() {}

    /** For each target, by Gauss–Legendre. */
    public static List<double[]> of(ExplainedModel model, Path folder, ModelShape shape, int nodes,
            List<String> targets) {
        Path file = folder.resolve("attributions-" + shape.name() + "-" + nodes + ".safetensors");
        if (!Files.exists(file)) {
            List<Explained> explained = model.explain(new Steps.Fixed(Quadrature.GAUSS_LEGENDRE, nodes),
                    RunOptions.DEFAULT);
            SafetensorsWriter writer = new SafetensorsWriter();
            explained.forEach(one -> writer.doubles(one.target(), one.values(), one.values().length));
            writer.write(file);
        }
        List<double[]> values = new ArrayList<>();
        try (SafetensorsFile kept = SafetensorsFile.open(file)) {
            for (String target : targets) {
                float[] floats = kept.floats(target);
                double[] doubles = new double[floats.length];
                for (int i = 0; i < floats.length; i++) {
                    doubles[i] = floats[i];
                }
                values.add(doubles);
            }
        }
        return values;
    }
}
