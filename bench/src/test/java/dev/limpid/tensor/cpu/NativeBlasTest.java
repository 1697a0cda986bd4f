package dev.limpid.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpid.tensor.DeviceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NativeBlasTest {
    /** A class of this module stands for a library that the system cannot load. */
    @Test
    void aLibraryThatCannotBeLoadedIsNamedAndLeavesNothingBehind() throws IOException {
        long before = unpacked();
        assertThatThrownBy(() -> NativeBlas.load("oneDNN", "/dev/limpid/tensor/cpu/", List.of("NativeBlasTest.class")))
                .isInstanceOf(DeviceException.class).hasMessageStartingWith("cannot load oneDNN: ")
                .hasMessageEndingWith("; leave its jar off the class path");
        assertThat(unpacked()).isEqualTo(before);
    }

    @Test
    void whatIsNotOnTheClassPathIsNotPresent() {
        assertThat(NativeBlas.isPresent("/org/bytedeco/dnnl/linux-x86_64/", List.of("libdnnl.so.99"))).isFalse();
    }

    private static long unpacked() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("limpid-native")).count();
        }
    }
}
