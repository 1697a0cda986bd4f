package dev.limpid.tensor.cpu;

import dev.limpid.tensor.Backend;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.OpsBackend;
import dev.limpid.tensor.Precision;
import java.util.List;

/** The device {@code reference}: the specification, for checking the others. */
public final class ReferenceBackend implements Backend {
    @Override
    public String name() {
        return "reference";
    }

    @Override
    public Availability availability(int index) {
        return index == 0
                ? new Availability(true, new ReferenceOps().description())
                : new Availability(false, "there is one reference device, reference:0");
    }

    @Override
    public List<Precision> precisions(int index) {
        return List.of();
    }

    @Override
    public OpsBackend open(int index, DeviceOptions options) {
        options.requireF32(name());
        return new ReferenceOps();
    }
}
