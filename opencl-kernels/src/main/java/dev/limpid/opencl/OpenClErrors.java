package dev.limpid.opencl;

import dev.limpid.tensor.DeviceException;
import dev.limpid.tensor.OutOfDeviceMemoryException;
import org.jocl.CL;

/** What OpenCL's status codes mean to a person: a cause and a remedy in one sentence. */
final class OpenClErrors {
    /** What the driver's loader returns when no driver is registered (extension cl_khr_icd). */
    static final int PLATFORM_NOT_FOUND = -1001;

    private OpenClErrors() {}

    /**
     * Goes on when {@code status} is success.
     *
     * @param doing what was tried, as in "starting the kernel lerp_fwd"
     * @param device the device's name
     * @throws OutOfDeviceMemoryException if the device has not the memory
     * @throws DeviceException for any other failure
     */
    static void check(int status, String doing, String device) {
        if (status != CL.CL_SUCCESS) {
            throw of(status, doing, device);
        }
    }

    private static DeviceException of(int status, String doing, String device) {
        String what = device + ": " + doing + " failed with " + CL.stringFor_errorCode(status);
        return switch (status) {
            case CL.CL_MEM_OBJECT_ALLOCATION_FAILURE, CL.CL_OUT_OF_HOST_MEMORY, CL.CL_INVALID_BUFFER_SIZE ->
                new OutOfDeviceMemoryException(what + "; take fewer points at once, a shorter text or a smaller model");
            case CL.CL_OUT_OF_RESOURCES -> new OutOfDeviceMemoryException(what
                    + ", which is how drivers report too little memory; take fewer points at once, a shorter text or a smaller model");
            case CL.CL_DEVICE_NOT_AVAILABLE, CL.CL_INVALID_COMMAND_QUEUE, CL.CL_INVALID_CONTEXT -> new DeviceException(
                    what + ": the device was lost; open it again, and look into the driver's log if it happens twice");
            case CL.CL_INVALID_WORK_GROUP_SIZE, CL.CL_INVALID_WORK_ITEM_SIZE -> new DeviceException(
                    what + ": the device runs too few work-items in a group for these kernels; use another device");
            default -> new DeviceException(what + "; update the device's OpenCL driver, or use another device");
        };
    }
}
