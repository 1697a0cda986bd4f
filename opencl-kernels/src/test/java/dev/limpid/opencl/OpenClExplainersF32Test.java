package dev.limpid.opencl;

import dev.limpid.attribution.explain.ExplainersContractTest;
import dev.limpid.tensor.DeviceUnderTest;
import dev.limpid.tensor.Precision;

class OpenClExplainersF32Test extends ExplainersContractTest {
    @Override
    protected String device() {
        return "opencl";
    }

    @Override
    protected Precision precision() {
        return Precision.F32;
    }

    @Override
    protected void require() {
        DeviceUnderTest.require(device());
    }
}
