package dev.limpid.opencl;

import dev.limpid.tensor.DeviceUnderTest;
import dev.limpid.tensor.Precision;

/** The first OpenCL device, for the tests of what lies below the operations. */
final class TestDevice {
    private TestDevice() {}

    /** Opens it, or skips or fails the test as {@link DeviceUnderTest} says. */
    static OpenClDevice open(Precision precision) {
        DeviceUnderTest.require("opencl");
        return new OpenClBackend().device(0, precision);
    }
}
