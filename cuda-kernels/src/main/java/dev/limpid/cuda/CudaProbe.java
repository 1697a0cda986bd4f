package dev.limpid.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks the driver what there is, through nothing but its library: the classes of the CUDA binding cannot be loaded where there is no driver, and not again in the
 * same process once that has failed.
 */
final class CudaProbe {
    static final String DRIVER = "libcuda.so.1";

    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;

    private final SymbolLookup driver;

    private CudaProbe(SymbolLookup driver) {
        this.driver = driver;
    }

    /**
     * What the driver says.
     *
     * @param loaded whether the driver's library could be opened
     * @param started the result of its {@code cuInit}
     * @param version the CUDA it offers, 1000·major + 10·minor
     * @param gpus the devices, by number
     */
    record Found(boolean loaded, int started, int version, List<Gpu> gpus) {
        static final Found NO_DRIVER = new Found(false, 0, 0, List.of());
    }

    /**
     * A device.
     *
     * @param name as NVIDIA sells it
     * @param capability its compute capability, 10·major + minor
     */
    record Gpu(String name, int capability) {
        /** As NVIDIA writes it: 9.0. */
        String dottedCapability() {
            return capability / 10 + "." + capability % 10;
        }

        /** As NVRTC wants it: sm_90. */
        String architecture() {
            return "sm_" + capability;
        }
    }

    /** Asks the driver; starts nothing on a device. */
    static Found ask() {
        return NativeLibrary.open(DRIVER).map(CudaProbe::ask).orElse(Found.NO_DRIVER);
    }

    /** Asks this driver. */
    static Found ask(SymbolLookup driver) {
        return new CudaProbe(driver).found();
    }

    private Found found() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
            // This one answers without a start, so an old driver can be named that does not start.
            int version = call("cuDriverGetVersion", number) == CudaFault.SUCCESS ? read(number) : 0;
            int started = call("cuInit", 0);
            if (started != CudaFault.SUCCESS) {
                return new Found(true, started, version, List.of());
            }
            int counted = call("cuDeviceGetCount", number);
            if (counted != CudaFault.SUCCESS) {
                return new Found(true, counted, version, List.of());
            }
            List<Gpu> gpus = new ArrayList<>();
            int count = read(number);
            for (int i = 0; i < count; i++) {
                gpus.add(gpu(i, arena));
            }
            return new Found(true, started, version, List.copyOf(gpus));
        }
    }

    private Gpu gpu(int index, Arena arena) {
        MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
        MemorySegment name = arena.allocate(256);
        call("cuDeviceGet", number, index);
        int device = read(number);
        call("cuDeviceGetName", name, (int) name.byteSize(), device);
        return new Gpu(name.getString(0),
                10 * attribute(CAPABILITY_MAJOR, device, number) + attribute(CAPABILITY_MINOR, device, number));
    }

    private int attribute(int attribute, int device, MemorySegment number) {
        number.set(ValueLayout.JAVA_INT, 0, 0);
        call("cuDeviceGetAttribute", number, attribute, device);
        return read(number);
    }

    private static int read(MemorySegment number) {
        return number.get(ValueLayout.JAVA_INT, 0);
    }

    @SuppressWarnings("restricted") // the signatures below are those of cuda.h
    private int call(String function, Object... arguments) {
        Optional<MemorySegment> symbol = driver.find(function);
        if (symbol.isEmpty()) {
            return 34;
        }
        ValueLayout[] layouts = new ValueLayout[arguments.length];
        for (int i = 0; i < layouts.length; i++) {
            layouts[i] = arguments[i] instanceof Integer ? ValueLayout.JAVA_INT : ValueLayout.ADDRESS;
        }
        MethodHandle handle = Linker.nativeLinker().downcallHandle(symbol.get(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts));
        try {
            return (int) handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException("the driver's " + function + " cannot be called", e);
        }
    }
}
