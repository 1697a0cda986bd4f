package dev.limpid.cuda;

import dev.limpid.kernels.DeviceBuffer;
import dev.limpid.kernels.GemmCall;
import dev.limpid.kernels.Grid;
import dev.limpid.kernels.KernelDevice;
import dev.limpid.kernels.KernelText;
import dev.limpid.tensor.Precision;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.cuda.global.cudart;

/**
 * A GPU of NVIDIA's: its primary context, one stream, a pool of memory.
 *
 * <p>All methods take turns, so that calls of several threads are done in one order.
 */
final class CudaDevice implements KernelDevice {
    private static final long STAGING_BYTES = 8L << 20;
    private static final int COPY_WORDS = 3;

    private final CudaOptions options;
    private final CudaProbe.Gpu gpu;
    private final Faults faults;
    private final CudaContext context;
    private final LaunchQueue queue;
    private final CudaMemory memory;
    private final DevicePool pool;
    private final Staging staging;
    private final LaunchSlots slots = new LaunchSlots();
    private final CubinCache cubins;
    private final String compiler;
    private final Map<List<String>, CudaFamily> families = new HashMap<>();
    private final Optional<CublasLt> library;
    private final Optional<LibraryGemm> libraryGemm;
    private final Step copy;
    private final long[] words = new long[LaunchArguments.GRID + LaunchSlots.COUNT];
    private final long memoryBudget;
    private final Deque<Runnable> parts = new ArrayDeque<>();
    private boolean closed;

    /**
     * Starts a GPU.
     *
     * @throws dev.limpid.tensor.DeviceException if it does not start
     */
    CudaDevice(int index, CudaProbe.Gpu gpu, CudaOptions options) {
        this.gpu = gpu;
        this.options = options;
        faults = new Faults("cuda:" + index);
        context = new CudaContext(index, faults);
        parts.push(context::close);
        try {
            queue = new LaunchQueue(new StreamGraphs(context), options.graphs());
            memory = new CudaMemory(context, queue::flush);
            parts.push(memory::close);
            memoryBudget = context.freeBytes() / 2;
            pool = new DevicePool(memory, memoryBudget);
            staging = new Staging(context, STAGING_BYTES);
            parts.push(staging::close);
            cubins = new CubinCache(options.cubins());
            compiler = Nvrtc.version();
            library = options.library() ? CublasLt.open(context, pool) : Optional.empty();
            library.ifPresent(lt -> parts.push(lt::close));
            libraryGemm = library
                    .map(lt -> new LibraryGemm(lt, pool, options.precision(), queue, this::launchElementwise));
        } catch (RuntimeException | LinkageError e) {
            closeParts();
            throw e;
        }
        copy = (values, from) -> faults.check(
                cudart.cuMemcpyDtoDAsync(values[from], values[from + 1], values[from + 2], context.stream()),
                "copy on the device");
    }

    @Override
    public String description() {
        String products = library.map(lt -> "cuBLASLt " + lt.version()).orElse(options.library()
                ? "Limpid's own kernels (" + CublasLt.LIBRARY + " is not installed)"
                : "Limpid's own kernels");
        return gpu.name() + ", compute capability " + gpu.dottedCapability() + ", kernels compiled by NVRTC " + compiler
                + ", matrix products by " + products + (queue.isRecording() ? "" : ", without graphs") + "; "
                + options.precision().id();
    }

    @Override
    public Precision precision() {
        return options.precision();
    }

    @Override
    public synchronized DeviceBuffer allocate(long bytes) {
        enter();
        return pool.allocate(bytes);
    }

    @Override
    public synchronized void release(DeviceBuffer buffer) {
        if (!closed && faults.isSound()) {
            context.makeCurrent();
            pool.release(buffer);
        }
    }

    @Override
    public synchronized long liveBytes() {
        return pool.liveBytes();
    }

    @Override
    public long memoryBudget() {
        return memoryBudget;
    }

    @Override
    public synchronized void upload(MemorySegment source, DeviceBuffer target, long offset) {
        enter();
        requireInside(target, offset, source.byteSize());
        queue.flush();
        staging.upload(source, pool.address(target) + offset);
    }

    @Override
    public synchronized void download(DeviceBuffer source, long offset, MemorySegment target) {
        enter();
        requireInside(source, offset, target.byteSize());
        queue.flush();
        staging.download(pool.address(source) + offset, target);
    }

    @Override
    public synchronized void copy(DeviceBuffer source, long sourceOffset, DeviceBuffer target, long targetOffset,
            long bytes) {
        enter();
        requireInside(source, sourceOffset, bytes);
        requireInside(target, targetOffset, bytes);
        words[0] = pool.address(target) + targetOffset;
        words[1] = pool.address(source) + sourceOffset;
        words[2] = bytes;
        queue.add(copy, words, COPY_WORDS);
    }

    private static void requireInside(DeviceBuffer buffer, long offset, long bytes) {
        if (offset < 0 || bytes < 0 || offset > buffer.bytes() - bytes) {
            throw new IllegalArgumentException(
                    bytes + " bytes from " + offset + " on are not inside a buffer of " + buffer.bytes() + " bytes");
        }
    }

    @Override
    public synchronized CudaFamily compile(KernelText text, Map<String, String> defines) {
        enter();
        Map<String, String> all = new HashMap<>(KernelText.defines(options.precision()));
        all.putAll(defines);
        List<String> arguments = Nvrtc.options(gpu.architecture(), all);
        List<String> key = new ArrayList<>(List.of(text.family(), KernelText.prelude(), text.source(), compiler));
        key.addAll(arguments);
        return families.computeIfAbsent(key, _ -> {
            String name = text.family() + ".cl.cu";
            byte[] cubin = cubins.get(key,
                    () -> Nvrtc.compile(name, KernelText.prelude() + "\n#line 1 \"" + name + "\"\n" + text.source(),
                            arguments));
            return new CudaFamily(context, slots, name, text.declarations(all), cubin);
        });
    }

    @Override
    public synchronized void launch(Kernel kernel, Grid grid, List<Object> arguments) {
        enter();
        if (!(kernel instanceof CudaKernel own)) {
            throw new IllegalArgumentException("kernel " + kernel.declaration().name() + " belongs to another device");
        }
        int count = LaunchArguments.encode(own.declaration(), grid, arguments, pool::address, words);
        queue.add(own, words, count);
    }

    private void launchElementwise(String name, long n, List<Object> arguments) {
        CudaKernel kernel = compile(KernelText.of("elementwise"), Map.of()).kernel(name);
        // Each work-item of this family has four elements.
        launch(kernel, Grid.of(Grid.cover(n, 4 * kernel.declaration().groupX())), arguments);
    }

    @Override
    public synchronized boolean gemm(GemmCall call) {
        enter();
        return libraryGemm.isPresent() && libraryGemm.get().gemm(call);
    }

    @Override
    public boolean hasRoomyGroups() {
        return true;
    }

    @Override
    public boolean hasTensorCores() {
        return options.precision() != Precision.F32;
    }

    @Override
    public synchronized void sync() {
        enter();
        queue.flush();
        context.synchronize();
    }

    /** How often a recorded graph was started. */
    synchronized long replayedGraphs() {
        return queue.replayed();
    }

    private void enter() {
        if (closed) {
            throw new IllegalStateException("the device cuda was used after it was closed");
        }
        faults.requireSound();
        context.makeCurrent();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        context.settle();
        queue.close();
        families.values().forEach(CudaFamily::unload);
        closeParts();
        slots.close();
    }

    private void closeParts() {
        context.settle();
        while (!parts.isEmpty()) {
            parts.pop().run();
        }
    }
}
