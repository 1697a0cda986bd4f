package dev.limpid.bench.explain;

import dev.limpid.bench.BenchException;
import dev.limpid.bert.BertConfig;
import dev.limpid.demo.DemoModels;
import dev.limpid.safetensors.Checkpoint;
import dev.limpid.safetensors.LoraAdapter;
import dev.limpid.safetensors.SafetensorsWriter;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The embedded model that answers questions as a checkpoint that others read: in F32, the adapter merged. */
public final class MergedModel {
    /** The example of {@code limpid qa}. */
    public static final String QUESTION = "Where is the Eiffel Tower?";
    public static final String CONTEXT = "The Eiffel Tower, built in 1889 by the company of Gustave Eiffel, stands on the Champ de Mars"
            + " in Paris, France.";
    private static final String PREFIX = "bert.";

    private MergedModel() {}

    /** {@code folder/embedded}, written where there is none yet. */
    public static Path require(Path folder) {
        Path target = folder.resolve("embedded");
        Path weights = target.resolve("model.safetensors");
        if (!Files.exists(weights)) {
            Path base = DemoModels.questionAnswering();
            try {
                Files.createDirectories(target);
                for (String file : List.of("config.json", "vocab.txt", "tokenizer_config.json")) {
                    Files.copy(base.resolve(file), target.resolve(file), StandardCopyOption.REPLACE_EXISTING);
                }
                write(base, weights);
            } catch (IOException e) {
                throw new BenchException(target + " cannot be written: " + e);
            }
        }
        return target;
    }

    private static void write(Path base, Path file) {
        RandomWeights names = RandomBert.weights(BertConfig.read(base));
        SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
        try (Checkpoint checkpoint = Checkpoint.open(base);
                LoraAdapter adapter = LoraAdapter.load(DemoModels.questionAnsweringAdapter())) {
            Weights weights = Weights.of(checkpoint)
                    .renamed(name -> List.of(name, name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name))
                    .adapted(adapter);
            for (String name : names.names()) {
                long[] shape = names.info(name).shape();
                writer.floats(name, DType.F32, weights.floats(name, shape), shape);
            }
            weights.requireAdapterUsed();
        }
        writer.write(file);
    }
}
