package dev.limpid.opencl;

import dev.limpid.tensor.DeviceUnderTest;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.OpsContractTest;
import dev.limpid.tensor.Precision;

class OpenClOpsBf16Test extends OpsContractTest {
    @Override
    protected Ops open() {
        return DeviceUnderTest.open("opencl", Precision.BF16);
    }
}
