package dev.limpid.cuda;

import dev.limpid.tensor.DeviceException;
import dev.limpid.tensor.OutOfDeviceMemoryException;

/** Turns results of the driver into exceptions, and remembers the one after which a device cannot be used any more. */
final class Faults {
    private final String device;
    private String lasting;

    /** Faults of the device of this name. */
    Faults(String device) {
        this.device = device;
    }

    /**
     * Returns if the result is success.
     *
     * @param code a {@code CUresult}
     * @param doing what was done: "copy to the device"
     * @throws OutOfDeviceMemoryException if there is not enough memory
     * @throws DeviceException otherwise
     */
    void check(int code, String doing) {
        if (code == CudaFault.SUCCESS) {
            return;
        }
        CudaFault fault = CudaFault.of(code);
        String message = device + " cannot " + doing + ": " + fault.sentence();
        if (code == CudaFault.OUT_OF_MEMORY) {
            throw new OutOfDeviceMemoryException(message);
        }
        if (fault.lasting() && lasting == null) {
            lasting = message;
        }
        throw new DeviceException(message);
    }

    /** Whether nothing has happened that lasts. */
    boolean isSound() {
        return lasting == null;
    }

    /**
     * Returns if nothing has happened that lasts.
     *
     * @throws DeviceException naming what happened
     */
    void requireSound() {
        if (lasting != null) {
            throw new DeviceException(device + " has failed before and cannot be used any more; " + lasting);
        }
    }
}
