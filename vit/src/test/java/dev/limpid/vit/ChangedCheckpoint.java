package dev.limpid.vit;

import dev.limpid.safetensors.Checkpoint;
import dev.limpid.safetensors.SafetensorsWriter;
import dev.limpid.tensor.DType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/** Copies of a checkpoint in which something is different. */
final class ChangedCheckpoint {
    private ChangedCheckpoint() {}

    /**
     * Writes a copy.
     *
     * @param name the new name of each tensor, or null to leave it out
     * @param change told the old name and the values, which it may change
     */
    static Path write(Path from, Path to, UnaryOperator<String> name, BiConsumer<String, float[]> change) {
        SafetensorsWriter writer = new SafetensorsWriter();
        try (Checkpoint checkpoint = Checkpoint.open(from)) {
            for (String old : checkpoint.names()) {
                float[] values = checkpoint.floats(old);
                change.accept(old, values);
                if (name.apply(old) != null) {
                    writer.floats(name.apply(old), DType.F32, values, checkpoint.info(old).shape());
                }
            }
        }
        writer.write(to.resolve("model.safetensors"));
        try {
            Files.copy(from.resolve("config.json"), to.resolve("config.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return to;
    }
}
