package dev.limpid.tensor.cpu;

import dev.limpid.tensor.Backend;
import dev.limpid.tensor.DeviceException;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.OpsBackend;

/** The device {@code cpu}: pure Java, with the Vector API where the JVM was started with it. */
public final class CpuBackend implements Backend {
    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public Availability availability(int index) {
        if (index != 0) {
            return new Availability(false, "there is one CPU device, cpu:0; use the option for threads to limit it");
        }
        try {
            return new Availability(true, "pure Java, up to " + DeviceOptions.DEFAULT.effectiveThreads()
                    + " threads, matrix products: " + GemmSelection.best().name());
        } catch (DeviceException e) {
            return new Availability(false, e.getMessage());
        }
    }

    @Override
    public void prepare() {
        try {
            GemmSelection.best();
        } catch (DeviceException _) {
            // whoever opens the device is told
        }
    }

    @Override
    public OpsBackend open(int index, DeviceOptions options) {
        options.requireF32(name());
        return new CpuOps(GemmSelection.best(), options.effectiveThreads());
    }
}
