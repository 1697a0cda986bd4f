package dev.limpid.cuda;

/**
 * What a result of the driver means.
 *
 * <p>Source: {@code CUresult} in cuda.h of CUDA 13.0.
 *
 * @param code the driver's number
 * @param name the driver's name, without its prefix
 * @param meaning cause and remedy, half a sentence
 * @param lasting whether the process cannot use the device any more
 */
record CudaFault(int code, String name, String meaning, boolean lasting) {
    static final int SUCCESS = 0;
    static final int OUT_OF_MEMORY = 2;

    /** Whether a stream refused to be recorded. */
    static boolean isCaptureRefusal(int code) {
        return code >= 900 && code <= 908;
    }

    /** What this result means. */
    static CudaFault of(int code) {
        return switch (code) {
            case 1 -> passing(code, "INVALID_VALUE", "an argument is out of range, which is a defect of Limpid");
            case OUT_OF_MEMORY -> passing(code, "OUT_OF_MEMORY", "the device has no memory left");
            case 3 -> passing(code, "NOT_INITIALIZED", "the driver does not start; look at nvidia-smi");
            case 4 -> lasting(code, "DEINITIALIZED", "the driver is shutting down, as it does when the process ends");
            case 34 -> passing(code, "STUB_LIBRARY",
                    "the libcuda.so.1 that was found is the toolkit's stub; take its folder from LD_LIBRARY_PATH");
            case 46 -> passing(code, "DEVICE_UNAVAILABLE",
                    "another process has the device for itself; end it, or change the compute mode with nvidia-smi -c 0");
            case 100 -> passing(code, "NO_DEVICE",
                    "the driver sees no GPU; look at nvidia-smi and CUDA_VISIBLE_DEVICES, and start a container with --gpus all");
            case 101 -> passing(code, "INVALID_DEVICE", "there is no device of this number");
            case 200 -> passing(code, "INVALID_IMAGE", "the compiled kernels cannot be read");
            case 209 -> passing(code, "NO_BINARY_FOR_GPU",
                    "the kernels were compiled for another GPU, or the driver is older than the compiler; install a newer driver");
            case 214 -> lasting(code, "ECC_UNCORRECTABLE",
                    "the device's memory has an error that it cannot correct; restart the program, and look at nvidia-smi -q -d ECC if it returns");
            case 218, 222 ->
                passing(code, "INVALID_PTX", "the driver is older than the compiler; install a newer driver");
            case 226 -> lasting(code, "CONTAINED", "a part of the device failed; restart the program");
            case 700 -> lasting(code, "ILLEGAL_ADDRESS",
                    "a kernel used memory that is not its own, which is a defect of Limpid; restart the program");
            case 701 -> passing(code, "LAUNCH_OUT_OF_RESOURCES", "a kernel needs more registers than a group can have");
            case 702 -> lasting(code, "LAUNCH_TIMEOUT",
                    "a kernel ran longer than the system allows on a GPU that also draws the screen; restart the program with another GPU");
            case 709, 201 ->
                lasting(code, "CONTEXT_IS_DESTROYED", "the device was reset by someone; restart the program");
            case 710 -> lasting(code, "ASSERT", "a kernel's assertion failed; restart the program");
            case 714 -> lasting(code, "HARDWARE_STACK_ERROR", "the device failed; restart the program");
            case 715 -> lasting(code, "ILLEGAL_INSTRUCTION", "a kernel is damaged; restart the program");
            case 716 -> lasting(code, "MISALIGNED_ADDRESS",
                    "a kernel used memory at an odd place, which is a defect of Limpid; restart the program");
            case 717, 718 -> lasting(code, "INVALID_PC", "a kernel left its own text; restart the program");
            case 719 -> lasting(code, "LAUNCH_FAILED", "a kernel failed; restart the program");
            case 721 -> lasting(code, "CONTAINED", "a part of the device failed; restart the program");
            case 801 -> passing(code, "NOT_SUPPORTED", "this device or driver cannot do it");
            case 802 -> passing(code, "SYSTEM_NOT_READY",
                    "the machine's switch between GPUs is not running; start nvidia-fabricmanager");
            case 803 -> passing(code, "SYSTEM_DRIVER_MISMATCH",
                    "the kernel's driver and libcuda.so.1 are of different versions; restart the machine after a driver's update");
            case 804 -> passing(code, "COMPAT_NOT_SUPPORTED_ON_DEVICE",
                    "forward compatibility is for data centre GPUs only; take the compat folder from LD_LIBRARY_PATH");
            case 999 -> lasting(code, "UNKNOWN",
                    "the driver gives no reason; look at dmesg for lines with NVRM, and restart the program");
            default -> isCaptureRefusal(code)
                    ? passing(code, "STREAM_CAPTURE", "the sequence cannot be recorded")
                    : passing(code, "error " + code, "see CUresult in NVIDIA's documentation");
        };
    }

    private static CudaFault passing(int code, String name, String meaning) {
        return new CudaFault(code, name, meaning, false);
    }

    private static CudaFault lasting(int code, String name, String meaning) {
        return new CudaFault(code, name, meaning, true);
    }

    /** For a person: what it means, and the driver's word for it. */
    String sentence() {
        return meaning + " (CUDA_ERROR_" + name + ", " + code + ")";
    }
}
