package dev.limpid.opencl;

import dev.limpid.bert.BertContractTest;
import dev.limpid.tensor.DeviceUnderTest;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Precision;

class OpenClBertTest extends BertContractTest {
    @Override
    protected Ops open() {
        return DeviceUnderTest.open("opencl", Precision.F32);
    }
}
