package dev.limpid.cuda;

import dev.limpid.tensor.DeviceException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.cuda.nvrtc._nvrtcProgram;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;

/** NVIDIA's compiler for kernels in the process: CUDA C++ to the machine's own instructions. */
final class Nvrtc {
    private Nvrtc() {}

    /** Its version: 13.3. */
    static String version() {
        int[] major = new int[1];
        int[] minor = new int[1];
        check(nvrtc.nvrtcVersion(major, minor), "tell its version");
        return major[0] + "." + minor[0];
    }

    /**
     * The options of a compilation.
     *
     * @param architecture sm_90, say: the device itself, so that no driver has to translate what a newer compiler wrote
     * @param defines compile-time parameters, by name
     */
    static List<String> options(String architecture, Map<String, String> defines) {
        List<String> options = new ArrayList<>(List.of("--gpu-architecture=" + architecture, "--std=c++17"));
        new TreeMap<>(defines).forEach((name, value) -> options.add("-D" + name + "=" + value));
        return List.copyOf(options);
    }

    /**
     * Compiles a text.
     *
     * @param name what messages call it
     * @throws DeviceException with the compiler's messages
     */
    static byte[] compile(String name, String source, List<String> options) {
        _nvrtcProgram program = new _nvrtcProgram();
        try (BytePointer text = new BytePointer(source, StandardCharsets.UTF_8);
                BytePointer file = new BytePointer(name, StandardCharsets.UTF_8);
                PointerPointer<BytePointer> arguments = new PointerPointer<>(options.toArray(String[]::new),
                        StandardCharsets.UTF_8)) {
            check(nvrtc.nvrtcCreateProgram(program, text, file, 0, (PointerPointer<?>) null, (PointerPointer<?>) null),
                    "read " + name);
            try {
                int result = nvrtc.nvrtcCompileProgram(program, options.size(), arguments);
                if (result != nvrtc.NVRTC_SUCCESS) {
                    throw new DeviceException("kernels of " + name + " cannot be compiled with "
                            + String.join(" ", options) + ": " + log(program));
                }
                return cubin(program);
            } finally {
                nvrtc.nvrtcDestroyProgram(program);
            }
        }
    }

    private static byte[] cubin(_nvrtcProgram program) {
        try (SizeTPointer size = new SizeTPointer(1)) {
            check(nvrtc.nvrtcGetCUBINSize(program, size), "give its result");
            byte[] cubin = new byte[Math.toIntExact(size.get())];
            check(nvrtc.nvrtcGetCUBIN(program, cubin), "give its result");
            return cubin;
        }
    }

    private static String log(_nvrtcProgram program) {
        try (SizeTPointer size = new SizeTPointer(1)) {
            check(nvrtc.nvrtcGetProgramLogSize(program, size), "give its messages");
            byte[] log = new byte[Math.toIntExact(size.get())];
            check(nvrtc.nvrtcGetProgramLog(program, log), "give its messages");
            return new String(log, StandardCharsets.UTF_8).replace("\0", "").strip();
        }
    }

    private static void check(int result, String doing) {
        if (result != nvrtc.NVRTC_SUCCESS) {
            throw new DeviceException("NVIDIA's compiler cannot " + doing + ": "
                    + nvrtc.nvrtcGetErrorString(result).getString());
        }
    }
}
