package dev.limpid.opencl;

import dev.limpid.kernels.DeviceOps;
import dev.limpid.tensor.Backend;
import dev.limpid.tensor.DeviceException;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.OpsBackend;
import dev.limpid.tensor.Precision;
import java.util.List;
import java.util.Locale;

/**
 * The devices {@code opencl}, {@code opencl:1}, …: those of every OpenCL driver, GPUs first.
 *
 * <p>Precisions are {@code f32} and {@code bf16} (stored in 16 bits, computed in 32); OpenCL C has no way to tensor cores, and so no {@code tf32}.
 */
public final class OpenClBackend implements Backend {
    private final String library;

    public OpenClBackend() {
        this(OpenClDevices.library());
    }

    /** Looks for devices through another library; for tests. */
    OpenClBackend(String library) {
        this.library = library;
    }

    @Override
    public String name() {
        return "opencl";
    }

    @Override
    public Availability availability(int index) {
        OpenClDevices all = OpenClDevices.find(library);
        if (all.reason() != null) {
            return new Availability(false, all.reason());
        }
        if (index >= all.devices().size()) {
            return new Availability(false, "there " + (all.devices().size() == 1
                    ? "is one OpenCL device, opencl:0"
                    : "are " + all.devices().size() + " OpenCL devices, opencl:0 to opencl:"
                            + (all.devices().size() - 1)));
        }
        OpenClDevices.Found found = all.devices().get(index);
        return new Availability(true, String.format(Locale.ROOT, "%s, %s, %.1f GB", found.name(),
                found.version(), found.memory() / 1e9));
    }

    @Override
    public List<Precision> precisions(int index) {
        return List.of(Precision.F32, Precision.BF16);
    }

    @Override
    public OpsBackend open(int index, DeviceOptions options) {
        return new DeviceOps(device(index, options.precision()));
    }

    /** Opens device {@code index} below its operations. */
    OpenClDevice device(int index, Precision precision) {
        if (precision == Precision.TF32) {
            throw new DeviceException("device 'opencl' has no precision tf32, because OpenCL C has no tensor cores;"
                    + " use f32 or bf16, or the device cuda");
        }
        return new OpenClDevice(OpenClDevices.find(library).devices().get(index), precision);
    }
}
