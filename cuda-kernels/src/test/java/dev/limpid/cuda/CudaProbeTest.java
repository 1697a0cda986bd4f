package dev.limpid.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a driver is asked before any class of the binding is loaded, with libraries that answer as they are told. */
class CudaProbeTest {
    @SuppressWarnings("restricted") // the library is ours
    private static CudaProbe.Found ask(int version, int started, int count, int capability) {
        Path library = FakeDriver.build("libprobed.so.1", "fake_cuda.c");
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup lookup = SymbolLookup.libraryLookup(library, arena);
            set(lookup, "fake_version", version);
            set(lookup, "fake_started", started);
            set(lookup, "fake_count", count);
            set(lookup, "fake_capability", capability);
            return CudaProbe.ask(lookup);
        }
    }

    @SuppressWarnings("restricted") // an int, as fake_cuda.c says
    private static void set(SymbolLookup lookup, String name, int value) {
        lookup.find(name).orElseThrow().reinterpret(Integer.BYTES).set(ValueLayout.JAVA_INT, 0, value);
    }

    @Test
    void hearsVersionDevicesNamesAndCapabilities() {
        CudaProbe.Found found = ask(13000, 0, 2, 86);
        assertThat(found.loaded()).isTrue();
        assertThat(found.version()).isEqualTo(13000);
        assertThat(found.gpus()).containsExactly(new CudaProbe.Gpu("Fake GPU 0", 86),
                new CudaProbe.Gpu("Fake GPU 1", 86));
        assertThat(found.gpus().getFirst().dottedCapability()).isEqualTo("8.6");
        assertThat(found.gpus().getFirst().architecture()).isEqualTo("sm_86");
        assertThat(CudaRequirements.missingDevice(found, 1)).isEmpty();
    }

    @Test
    void namesWhatKeepsADriverFromServing() {
        assertThat(CudaRequirements.missingDevice(ask(12080, 0, 1, 90), 0).orElseThrow()).contains("CUDA 12.8", "580");
        assertThat(CudaRequirements.missingDevice(ask(13000, 100, 0, 90), 0).orElseThrow()).contains("sees no GPU");
        assertThat(CudaRequirements.missingDevice(ask(13000, 0, 0, 90), 0).orElseThrow()).contains("finds no GPU");
        assertThat(CudaRequirements.missingDevice(ask(13000, 0, 1, 90), 3).orElseThrow()).contains("no GPU 3");
        assertThat(CudaRequirements.missingDevice(ask(13000, 0, 1, 61), 0).orElseThrow()).contains("capability 6.1");
    }
}
