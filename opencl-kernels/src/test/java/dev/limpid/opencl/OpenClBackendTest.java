package dev.limpid.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpid.tensor.Backend;
import dev.limpid.tensor.DeviceException;
import dev.limpid.tensor.Precision;
import org.junit.jupiter.api.Test;

/** What a user is told who asks for a device that is not there. */
class OpenClBackendTest {
    @Test
    void aMissingLibraryIsNamedWithItsRemedy() {
        Backend.Availability availability = new OpenClBackend("libNoOpenCL.so.1").availability(0);
        assertThat(availability.usable()).isFalse();
        assertThat(availability.reason()).isEqualTo("libNoOpenCL.so.1 cannot be loaded: no OpenCL is installed;"
                + " install the driver of your GPU with its OpenCL part, or pocl-opencl-icd to compute on the processor");
    }

    @Test
    void aDeviceThatIsNotThereIsNamed() {
        TestDevice.open(Precision.F32).close();
        Backend.Availability availability = new OpenClBackend().availability(1000);
        assertThat(availability.usable()).isFalse();
        assertThat(availability.reason())
                .containsPattern("there (is one OpenCL device|are \\d+ OpenCL devices), opencl:0");
    }

    @Test
    void aDeviceThatIsThereSaysWhatItIs() {
        TestDevice.open(Precision.F32).close();
        assertThat(new OpenClBackend().availability(0).reason()).containsPattern(
                ".+, OpenCL .+, [0-9.]+ GB");
        assertThat(new OpenClBackend().precisions(0)).containsExactly(Precision.F32, Precision.BF16);
    }

    @Test
    void tensorCoresAreRefusedByName() {
        assertThatThrownBy(() -> new OpenClBackend().device(0, Precision.TF32)).isInstanceOf(DeviceException.class)
                .hasMessage("device 'opencl' has no precision tf32, because OpenCL C has no tensor cores;"
                        + " use f32 or bf16, or the device cuda");
    }
}
