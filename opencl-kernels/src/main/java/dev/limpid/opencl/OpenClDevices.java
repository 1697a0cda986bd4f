package dev.limpid.opencl;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/**
 * The devices of all OpenCL platforms of this machine: GPUs first, then accelerators, then processors; or why there are none.
 *
 * @param devices what was found
 * @param reason why {@code devices} is empty, and what helps; null when it is not
 */
record OpenClDevices(List<Found> devices, String reason) {
    private static final String REMEDY = "; install the driver of your GPU with its OpenCL part, or pocl-opencl-icd to compute on the processor";

    /**
     * A device.
     *
     * @param name what the driver calls it
     * @param version of OpenCL that it implements
     * @param memory bytes of its memory
     * @param largestBuffer bytes of the largest buffer it allocates
     * @param localMemory bytes that a group of work-items shares
     */
    record Found(cl_platform_id platform, cl_device_id id, long type, String name, String version, String driver,
            long memory, long largestBuffer, long localMemory) {
        boolean isProcessor() {
            return type == CL.CL_DEVICE_TYPE_CPU;
        }
    }

    /** The name of the library that finds OpenCL drivers, on this operating system. */
    static String library() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (os.contains("mac")) {
            return "/System/Library/Frameworks/OpenCL.framework/OpenCL";
        }
        return os.contains("windows") ? "OpenCL.dll" : "libOpenCL.so.1";
    }

    /**
     * Looks for devices; without {@code library}, no class of jocl is touched, which would fail for good.
     *
     * @param library what has to be there first
     */
    @SuppressWarnings("restricted") // opening the library is how its absence is found without harm
    static OpenClDevices find(String library) {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup(library, arena);
        } catch (IllegalArgumentException e) {
            return none(library + " cannot be loaded: no OpenCL is installed");
        }
        try {
            return ofPlatforms();
        } catch (LinkageError e) {
            return new OpenClDevices(List.of(),
                    "jocl has no native library for " + System.getProperty("os.name") + " on "
                            + System.getProperty("os.arch") + " (" + e.getMessage()
                            + "); use the device cpu");
        }
    }

    private static OpenClDevices none(String why) {
        return new OpenClDevices(List.of(), why + REMEDY);
    }

    private static OpenClDevices ofPlatforms() {
        int[] count = new int[1];
        int status = CL.clGetPlatformIDs(0, null, count);
        if (status == OpenClErrors.PLATFORM_NOT_FOUND || (status == CL.CL_SUCCESS && count[0] == 0)) {
            return none("OpenCL's loader is installed, but no driver is registered with it");
        }
        if (status != CL.CL_SUCCESS) {
            return none("OpenCL's loader fails with " + CL.stringFor_errorCode(status));
        }
        cl_platform_id[] platforms = new cl_platform_id[count[0]];
        CL.clGetPlatformIDs(platforms.length, platforms, null);
        List<Found> found = new ArrayList<>();
        for (cl_platform_id platform : platforms) {
            if (CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, 0, null, count) != CL.CL_SUCCESS) {
                continue;
            }
            cl_device_id[] ids = new cl_device_id[count[0]];
            CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, ids.length, ids, null);
            for (cl_device_id id : ids) {
                if (number(id, CL.CL_DEVICE_AVAILABLE, Sizeof.cl_int) != 0
                        && number(id, CL.CL_DEVICE_COMPILER_AVAILABLE, Sizeof.cl_int) != 0) {
                    found.add(found(platform, id));
                }
            }
        }
        if (found.isEmpty()) {
            return none("the OpenCL drivers of this machine (" + platforms.length + ") have no usable device");
        }
        found.sort(Comparator.comparingInt(OpenClDevices::rank));
        return new OpenClDevices(List.copyOf(found), null);
    }

    private static int rank(Found device) {
        if ((device.type & CL.CL_DEVICE_TYPE_GPU) != 0) {
            return 0;
        }
        return device.isProcessor() ? 2 : 1;
    }

    private static Found found(cl_platform_id platform, cl_device_id id) {
        return new Found(platform, id, number(id, CL.CL_DEVICE_TYPE, Sizeof.cl_long), text(id, CL.CL_DEVICE_NAME),
                text(id, CL.CL_DEVICE_VERSION), text(id, CL.CL_DRIVER_VERSION),
                number(id, CL.CL_DEVICE_GLOBAL_MEM_SIZE, Sizeof.cl_long),
                number(id, CL.CL_DEVICE_MAX_MEM_ALLOC_SIZE, Sizeof.cl_long),
                number(id, CL.CL_DEVICE_LOCAL_MEM_SIZE, Sizeof.cl_long));
    }

    private static long number(cl_device_id id, int what, int bytes) {
        long[] value = new long[1];
        CL.clGetDeviceInfo(id, what, bytes, Pointer.to(value), null);
        return value[0];
    }

    private static String text(cl_device_id id, int what) {
        long[] size = new long[1];
        CL.clGetDeviceInfo(id, what, 0, null, size);
        byte[] text = new byte[Math.toIntExact(size[0])];
        CL.clGetDeviceInfo(id, what, text.length, Pointer.to(text), null);
        return new String(text, StandardCharsets.UTF_8).replace("\0", "").strip();
    }
}
