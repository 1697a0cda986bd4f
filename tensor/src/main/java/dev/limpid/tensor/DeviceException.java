package dev.limpid.tensor;

/** A device that was asked for and cannot be had, or that failed; the message is one sentence for a person. */
public sealed class DeviceException extends RuntimeException permits OutOfDeviceMemoryException {
    private static final long serialVersionUID = 1L;

    public DeviceException(String message) {
        super(message);
    }

    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
