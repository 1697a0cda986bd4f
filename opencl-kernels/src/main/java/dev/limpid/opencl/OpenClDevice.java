package dev.limpid.opencl;

import dev.limpid.kernels.DeviceBuffer;
import dev.limpid.kernels.Grid;
import dev.limpid.kernels.KernelDevice;
import dev.limpid.kernels.KernelText;
import dev.limpid.kernels.KernelText.Declaration;
import dev.limpid.kernels.Pointer;
import dev.limpid.tensor.DeviceException;
import dev.limpid.tensor.OutOfDeviceMemoryException;
import dev.limpid.tensor.Precision;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jocl.CL;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jocl.cl_program;

/**
 * An OpenCL device with one queue that works in order.
 *
 * <p>A kernel's arguments belong to the kernel (clSetKernelArg), so that setting them and starting it is one step under a lock; everything else OpenCL allows
 * from several threads.
 */
final class OpenClDevice implements KernelDevice {
    /** Bytes of the host's memory that a copy goes through at once. */
    private static final long STAGE = 16L << 20;
    /** A pass may take one part in so many of the memory: the rest is for weights and for others. */
    private static final long PARTS = 2;
    /** On a processor the memory is the machine's own, shared with all that runs there. */
    private static final long PROCESSOR_PARTS = 4;

    private record Compiled(cl_kernel handle, Declaration declaration) implements Kernel {}

    private final OpenClDevices.Found found;
    private final Precision precision;
    private final cl_context context;
    private final cl_command_queue queue;
    private final BufferPool<cl_mem> buffers;
    private final List<cl_program> programs = new ArrayList<>();
    private final List<cl_kernel> kernels = new ArrayList<>();
    private final Object launching = new Object();
    private boolean closed;

    OpenClDevice(OpenClDevices.Found found, Precision precision) {
        this.found = found;
        this.precision = precision;
        cl_context_properties properties = new cl_context_properties();
        properties.addProperty(CL.CL_CONTEXT_PLATFORM, found.platform());
        int[] status = new int[1];
        context = CL.clCreateContext(properties, 1, new cl_device_id[]{found.id()}, null, null, status);
        check(status[0], "making a context");
        queue = queue();
        buffers = new BufferPool<>(this::create, CL::clReleaseMemObject, found.memory() / PROCESSOR_PARTS);
    }

    @SuppressWarnings("deprecation") // OpenCL 1.2 has no other way, and every version has this one
    private cl_command_queue queue() {
        int[] status = new int[1];
        cl_command_queue made = CL.clCreateCommandQueue(context, found.id(), 0, status);
        check(status[0], "making a queue");
        return made;
    }

    private void check(int status, String doing) {
        OpenClErrors.check(status, doing, found.name());
    }

    @Override
    public String description() {
        return found.name() + ", " + found.version() + ", driver " + found.driver() + "; " + precision.id();
    }

    @Override
    public Precision precision() {
        return precision;
    }

    private cl_mem create(long bytes) {
        if (bytes > found.largestBuffer()) {
            throw new OutOfDeviceMemoryException(found.name() + " allocates at most " + found.largestBuffer()
                    + " bytes at once, not " + bytes
                    + "; take fewer points at once, a shorter text or a smaller model");
        }
        int[] status = new int[1];
        cl_mem memory = CL.clCreateBuffer(context, CL.CL_MEM_READ_WRITE, bytes, null, status);
        check(status[0], "allocating " + bytes + " bytes");
        return memory;
    }

    @Override
    public DeviceBuffer allocate(long bytes) {
        try {
            return buffers.take(bytes);
        } catch (OutOfDeviceMemoryException e) {
            sync();
            buffers.drain();
            return buffers.take(bytes);
        }
    }

    @Override
    public void release(DeviceBuffer buffer) {
        buffers.give(own(buffer));
    }

    @SuppressWarnings("unchecked") // the only pool of this package holds cl_mem
    private static BufferPool.Buffer<cl_mem> own(DeviceBuffer buffer) {
        return (BufferPool.Buffer<cl_mem>) buffer;
    }

    @Override
    public long liveBytes() {
        return buffers.liveBytes();
    }

    @Override
    public long memoryBudget() {
        long part = found.memory() / (found.isProcessor() ? PROCESSOR_PARTS : PARTS);
        return Math.max(STAGE, Math.min(part, found.memory() - buffers.liveBytes()));
    }

    @Override
    public void upload(MemorySegment source, DeviceBuffer target, long offset) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stage = stage(source, arena);
            for (long done = 0; done < source.byteSize(); done += STAGE) {
                long bytes = Math.min(STAGE, source.byteSize() - done);
                MemorySegment part = source.asSlice(done, bytes);
                MemorySegment from = stage == null ? part : stage.copyFrom(part);
                check(CL.clEnqueueWriteBuffer(queue, own(target).memory(), true, offset + done, bytes,
                        org.jocl.Pointer.to(from.asByteBuffer()), 0, null, null), "copying to the device");
            }
        }
    }

    @Override
    public void download(DeviceBuffer source, long offset, MemorySegment target) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment stage = stage(target, arena);
            for (long done = 0; done < target.byteSize(); done += STAGE) {
                long bytes = Math.min(STAGE, target.byteSize() - done);
                MemorySegment part = target.asSlice(done, bytes);
                MemorySegment to = stage == null ? part : stage.asSlice(0, bytes);
                check(CL.clEnqueueReadBuffer(queue, own(source).memory(), true, offset + done, bytes,
                        org.jocl.Pointer.to(to.asByteBuffer()), 0, null, null), "copying from the device");
                if (stage != null) {
                    part.copyFrom(to);
                }
            }
        }
    }

    /** Memory outside the heap for what lies on it, or null where a driver may read it as it is. */
    private static MemorySegment stage(MemorySegment segment, Arena arena) {
        return segment.isNative() ? null : arena.allocate(Math.max(1, Math.min(STAGE, segment.byteSize())));
    }

    @Override
    public void copy(DeviceBuffer source, long sourceOffset, DeviceBuffer target, long targetOffset, long bytes) {
        if (bytes > 0) {
            check(CL.clEnqueueCopyBuffer(queue, own(source).memory(), own(target).memory(), sourceOffset, targetOffset,
                    bytes, 0, null, null), "copying within the device");
        }
    }

    @Override
    public Family compile(KernelText text, Map<String, String> defines) {
        Map<String, Declaration> declarations = text.declarations(defines);
        int[] status = new int[1];
        cl_program program = CL.clCreateProgramWithSource(context, 1,
                new String[]{OpenClText.source(text, declarations)}, null, status);
        check(status[0], "reading the kernels " + text.family());
        synchronized (launching) {
            programs.add(program);
        }
        StringBuilder options = new StringBuilder("-cl-std=CL1.2");
        Map<String, String> all = new TreeMap<>(KernelText.defines(precision));
        all.putAll(defines);
        all.forEach((name, value) -> options.append(" -D").append(name).append('=').append(value));
        if (CL.clBuildProgram(program, 1, new cl_device_id[]{found.id()}, options.toString(), null,
                null) != CL.CL_SUCCESS) {
            throw new DeviceException(found.name() + " cannot compile the kernels " + text.family() + " with " + options
                    + "; update its OpenCL driver or use another device. The compiler says: " + log(program));
        }
        return name -> kernel(program, declarations.get(name));
    }

    private Kernel kernel(cl_program program, Declaration declaration) {
        int[] status = new int[1];
        cl_kernel kernel = CL.clCreateKernel(program, declaration.name(), status);
        check(status[0], "making the kernel " + declaration.name());
        synchronized (launching) {
            kernels.add(kernel);
        }
        long[] local = new long[1];
        check(CL.clGetKernelWorkGroupInfo(kernel, found.id(), CL.CL_KERNEL_LOCAL_MEM_SIZE, Sizeof.cl_long,
                org.jocl.Pointer.to(local), null), "asking for the size of " + declaration.name());
        if (local[0] > found.localMemory()) {
            throw new DeviceException(found.name() + " has " + found.localMemory()
                    + " bytes of local memory, and the kernel " + declaration.name() + " needs " + local[0]
                    + "; use another device");
        }
        return new Compiled(kernel, declaration);
    }

    private String log(cl_program program) {
        long[] size = new long[1];
        CL.clGetProgramBuildInfo(program, found.id(), CL.CL_PROGRAM_BUILD_LOG, 0, null, size);
        byte[] log = new byte[Math.toIntExact(size[0])];
        CL.clGetProgramBuildInfo(program, found.id(), CL.CL_PROGRAM_BUILD_LOG, log.length, org.jocl.Pointer.to(log),
                null);
        return new String(log, StandardCharsets.UTF_8).replace("\0", "").strip();
    }

    @Override
    public void launch(Kernel kernel, Grid grid, List<Object> arguments) {
        Compiled compiled = (Compiled) kernel;
        Declaration declaration = compiled.declaration;
        long[] group = {declaration.groupX(), declaration.groupY(), 1};
        long[] all = {group[0] * grid.x(), group[1] * grid.y(), grid.z()};
        synchronized (launching) {
            int index = 0;
            for (Object argument : arguments) {
                index = set(compiled, index, argument);
            }
            check(CL.clEnqueueNDRangeKernel(queue, compiled.handle, 3, null, all, group, 0, null, null),
                    "starting the kernel " + declaration.name());
        }
    }

    /** Sets an argument and, for a buffer, the offset behind it; a buffer may be null. Returns the index of the next. */
    private int set(Compiled kernel, int index, Object argument) {
        return switch (argument) {
            case Integer value -> set(kernel, index, Sizeof.cl_int, org.jocl.Pointer.to(new int[]{value}));
            case Long value -> set(kernel, index, Sizeof.cl_long, org.jocl.Pointer.to(new long[]{value}));
            case Float value -> set(kernel, index, Sizeof.cl_float, org.jocl.Pointer.to(new float[]{value}));
            case Pointer pointer -> {
                int next = set(kernel, index, Sizeof.cl_mem, org.jocl.Pointer.to(own(pointer.buffer()).memory()));
                yield set(kernel, next, Sizeof.cl_long, org.jocl.Pointer.to(new long[]{pointer.offset()}));
            }
            case null -> {
                int next = set(kernel, index, Sizeof.cl_mem, null);
                yield set(kernel, next, Sizeof.cl_long, org.jocl.Pointer.to(new long[]{0}));
            }
            default -> throw new IllegalArgumentException(
                    kernel.declaration.name() + " cannot take a " + argument.getClass().getSimpleName());
        };
    }

    private int set(Compiled kernel, int index, long bytes, org.jocl.Pointer value) {
        check(CL.clSetKernelArg(kernel.handle, index, bytes, value),
                "giving argument " + index + " to the kernel " + kernel.declaration.name());
        return index + 1;
    }

    @Override
    public void sync() {
        check(CL.clFinish(queue), "waiting for the device");
    }

    @Override
    public void close() {
        synchronized (launching) {
            if (closed) {
                return;
            }
            closed = true;
            // A lost device cannot finish, and is let go all the same.
            CL.clFinish(queue);
            kernels.forEach(CL::clReleaseKernel);
            programs.forEach(CL::clReleaseProgram);
            buffers.close();
            CL.clReleaseCommandQueue(queue);
            CL.clReleaseContext(context);
        }
    }
}
