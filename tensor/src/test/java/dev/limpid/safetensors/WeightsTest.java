package dev.limpid.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.limpid.safetensors.SafetensorsException.Reason;
import dev.limpid.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsTest {

    @TempDir
    Path directory;

    private SafetensorsFile file;

    @BeforeEach
    void write() {
        Path path = directory.resolve("model.safetensors");
        new SafetensorsWriter().floats("encoder.0.weight", DType.F32, new float[]{1, 2, 3, 4, 5, 6}, 2, 3)
                .floats("encoder.0.norm.gamma", DType.F16, new float[]{1, 2}, 2)
                .floats("scale", DType.F32, new float[]{9}).floats("extra", DType.F32, new float[]{0}, 1)
                .longs("position_ids", DType.I64, new long[]{0}, 1).write(path);
        file = SafetensorsFile.open(path);
    }

    @AfterEach
    void close() {
        file.close();
    }

    @Test
    void prefixesNestAndUseIsRemembered() {
        Weights weights = Weights.of(file);
        Weights layer = weights.at("encoder").at("0");
        assertThat(layer.floats("weight", 2, 3)).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(layer.has("norm.gamma")).isTrue();
        assertThat(layer.has("norm.beta")).isFalse();
        assertThat(weights.floats("scale")).containsExactly(9);
        assertThat(weights.info("extra").dtype()).isEqualTo(DType.F32);
        assertThat(weights.unused()).containsExactly("position_ids", "extra", "encoder.0.norm.gamma");
    }

    @Test
    void namesMayBeSpelledDifferently() {
        Weights weights = Weights.of(file).renamed(WeightsTest::oldNames);
        assertThat(weights.at("bert.encoder.0.norm").floats("weight", 2)).containsExactly(1, 2);
        assertThat(weights.at("bert").floats("encoder.0.weight", 2, 3)).hasSize(6);
        SafetensorsException e = catchThrowableOfType(SafetensorsException.class,
                () -> weights.floats("bert.pooler.weight", 2));
        assertThat(e.reason()).isEqualTo(Reason.NO_SUCH_TENSOR);
        assertThat(e).hasMessageContaining("model.safetensors").hasMessageContaining("'bert.pooler.weight'")
                .hasMessageContaining("pooler.gamma");
    }

    private static List<String> oldNames(String name) {
        List<String> names = new ArrayList<>(List.of(name));
        names.add(name.replaceFirst("^bert\\.", ""));
        names.add(name.replaceFirst("^bert\\.", "").replaceFirst("weight$", "gamma"));
        return names;
    }

    @Test
    void shapesAreChecked() {
        Weights weights = Weights.of(file);
        SafetensorsException e = catchThrowableOfType(SafetensorsException.class,
                () -> weights.floats("encoder.0.weight", 3, 2));
        assertThat(e.reason()).isEqualTo(Reason.WRONG_SHAPE);
        assertThat(e).hasMessageContaining("model.safetensors").hasMessageContaining("'encoder.0.weight'")
                .hasMessageContaining("[2,3]").hasMessageContaining("[3,2]");
        assertThat(weights.unused()).contains("encoder.0.weight");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void weightsThatAreNotFiniteAreRefused(float bad) {
        float[] values = new float[1000];
        values[777] = bad;
        values[999] = bad;
        Path path = directory.resolve("bad.safetensors");
        new SafetensorsWriter().floats("w", DType.F32, values, 10, 100).write(path);
        try (SafetensorsFile bads = SafetensorsFile.open(path)) {
            SafetensorsException e = catchThrowableOfType(SafetensorsException.class,
                    () -> Weights.of(bads).floats("w", 10, 100));
            assertThat(e.reason()).isEqualTo(Reason.NOT_FINITE);
            assertThat(e).hasMessageContaining("'w'").hasMessageContaining("element 777");
        }
    }
}
