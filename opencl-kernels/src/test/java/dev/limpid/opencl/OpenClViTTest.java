package dev.limpid.opencl;

import dev.limpid.vit.ViTContractTest;
import dev.limpid.tensor.DeviceUnderTest;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Precision;

class OpenClViTTest extends ViTContractTest {
    @Override
    protected Ops open() {
        return DeviceUnderTest.open("opencl", Precision.F32);
    }
}
