package dev.limpid.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpid.tensor.DeviceException;
import dev.limpid.tensor.OutOfDeviceMemoryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsTest {
    private final Faults faults = new Faults("cuda:0");

    @Test
    void letsSuccessAndPassingFaultsPass() {
        assertThatCode(() -> faults.check(0, "launch")).doesNotThrowAnyException();
        assertThatThrownBy(() -> faults.check(2, "give 8 bytes")).isInstanceOf(OutOfDeviceMemoryException.class)
                .hasMessage("cuda:0 cannot give 8 bytes: the device has no memory left (CUDA_ERROR_OUT_OF_MEMORY, 2)");
        assertThatThrownBy(() -> faults.check(801, "do it")).isInstanceOf(DeviceException.class)
                .hasMessageContaining("NOT_SUPPORTED");
        assertThatCode(faults::requireSound).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {214, 700, 702, 709, 715, 716, 719, 999})
    void remembersTheFirstFaultThatLasts(int code) {
        assertThatThrownBy(() -> faults.check(code, "wait for the device")).isInstanceOf(DeviceException.class)
                .hasMessageContaining("restart");
        assertThatThrownBy(() -> faults.check(719, "wait again")).isInstanceOf(DeviceException.class);
        assertThatThrownBy(faults::requireSound).hasMessageContaining("has failed before")
                .hasMessageContaining("wait for the device").hasMessageContaining(", " + code + ")");
    }

    @Test
    void knowsARefusalToRecord() {
        assertThat(CudaFault.isCaptureRefusal(900)).isTrue();
        assertThat(CudaFault.isCaptureRefusal(719)).isFalse();
        assertThat(CudaFault.of(12345).sentence()).contains("12345");
    }
}
