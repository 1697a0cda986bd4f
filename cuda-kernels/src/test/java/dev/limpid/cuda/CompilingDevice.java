package dev.limpid.cuda;

import dev.limpid.kernels.DeviceBuffer;
import dev.limpid.kernels.Grid;
import dev.limpid.kernels.KernelDevice;
import dev.limpid.kernels.KernelText;
import dev.limpid.kernels.KernelText.Declaration;
import dev.limpid.tensor.Precision;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A device that compiles for an architecture and does nothing else, so that whatever asks for kernels says by itself which there are. */
final class CompilingDevice implements KernelDevice {
    private final String architecture;
    private final Precision precision;
    private final Map<String, byte[]> cubins = new LinkedHashMap<>();

    CompilingDevice(String architecture, Precision precision) {
        this.architecture = architecture;
        this.precision = precision;
    }

    /** What was compiled, by family and options. */
    Map<String, byte[]> cubins() {
        return cubins;
    }

    /** Some memory that nobody reads. */
    static DeviceBuffer buffer() {
        return () -> Long.MAX_VALUE;
    }

    private record Compiled(Declaration declaration) implements Kernel {}

    @Override
    public Family compile(KernelText text, Map<String, String> defines) {
        Map<String, String> all = new HashMap<>(KernelText.defines(precision));
        all.putAll(defines);
        List<String> options = Nvrtc.options(architecture, all);
        cubins.computeIfAbsent(text.family() + " " + String.join(" ", options),
                name -> Nvrtc.compile(name, KernelText.prelude() + "\n" + text.source(), options));
        Map<String, Declaration> declarations = text.declarations(all);
        return name -> new Compiled(declarations.get(name));
    }

    @Override
    public void launch(Kernel kernel, Grid grid, List<Object> arguments) {}

    @Override
    public String description() {
        return architecture;
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public boolean hasRoomyGroups() {
        return true;
    }

    @Override
    public boolean hasTensorCores() {
        return precision != Precision.F32;
    }

    @Override
    public DeviceBuffer allocate(long bytes) {
        return buffer();
    }

    @Override
    public void release(DeviceBuffer buffer) {}

    @Override
    public long liveBytes() {
        return 0;
    }

    @Override
    public long memoryBudget() {
        return Long.MAX_VALUE;
    }

    @Override
    public void upload(MemorySegment source, DeviceBuffer target, long offset) {}

    @Override
    public void download(DeviceBuffer source, long offset, MemorySegment target) {}

    @Override
    public void copy(DeviceBuffer source, long sourceOffset, DeviceBuffer target, long targetOffset, long bytes) {}

    @Override
    public void sync() {}

    @Override
    public void close() {}
}
