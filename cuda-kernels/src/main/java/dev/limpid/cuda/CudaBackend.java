package dev.limpid.cuda;

import dev.limpid.kernels.DeviceOps;
import dev.limpid.tensor.Backend;
import dev.limpid.tensor.DeviceException;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.OpsBackend;
import dev.limpid.tensor.Precision;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The devices {@code cuda}, {@code cuda:1}, …: NVIDIA's GPUs from compute capability 7.5 on. */
public final class CudaBackend implements Backend {
    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public Availability availability(int index) {
        Optional<String> system = CudaRequirements.missingSystem(System.getProperty("os.name"),
                System.getProperty("os.arch"));
        if (system.isPresent()) {
            return new Availability(false, system.get());
        }
        CudaProbe.Found found = CudaProbe.ask();
        Optional<String> missing = CudaRequirements.missingDevice(found, index)
                .or(() -> CudaRequirements.missingLibrary(NativeLibrary::isInJar, NativeLibrary::isThere));
        if (missing.isPresent()) {
            return new Availability(false, missing.get());
        }
        CudaProbe.Gpu gpu = found.gpus().get(index);
        return new Availability(true, gpu.name() + ", compute capability " + gpu.dottedCapability()
                + (NativeLibrary.isThere(CublasLt.LIBRARY)
                        ? ""
                        : "; matrix products by Limpid's own kernels, as " + CublasLt.LIBRARY + " is not installed"));
    }

    @Override
    public List<Precision> precisions(int index) {
        List<CudaProbe.Gpu> gpus = CudaProbe.ask().gpus();
        return Arrays.stream(Precision.values())
                .filter(precision -> index < gpus.size()
                        && CudaRequirements.missingPrecision(gpus.get(index), precision).isEmpty())
                .toList();
    }

    /** Unpacks and loads the binding and the compiler, which takes about half a second. */
    @Override
    public void prepare() {
        if (availability(0).usable()) {
            Nvrtc.version();
        }
    }

    @Override
    public OpsBackend open(int index, DeviceOptions options) {
        CudaProbe.Gpu gpu = CudaProbe.ask().gpus().get(index);
        CudaRequirements.missingPrecision(gpu, options.precision()).ifPresent(reason -> {
            throw new DeviceException("device 'cuda:" + index + "' cannot be used: " + reason);
        });
        try {
            CudaDevice device = new CudaDevice(index, gpu, CudaOptions.of(options.precision()));
            try {
                return new DeviceOps(device);
            } catch (RuntimeException e) {
                device.close();
                throw e;
            }
        } catch (LinkageError e) {
            throw new DeviceException(
                    "device 'cuda:" + index + "' cannot be used: the binding to CUDA cannot be loaded ("
                            + e.getMessage()
                            + "); take other versions of CUDA from LD_LIBRARY_PATH, or delete ~/.javacpp/cache",
                    e);
        }
    }
}
