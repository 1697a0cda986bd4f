package dev.limpid.tensor;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

/** Opens a device that not every machine has, for the tests that all backends share. */
public final class DeviceUnderTest {
    private DeviceUnderTest() {}

    /**
     * Opens it; where it cannot be used, the reason is printed and the test skipped, or failed if {@code -Drequire.backend} names the device.
     *
     * @param name as {@link Device#open} takes it
     */
    public static Ops open(String name, Precision precision) {
        require(name);
        return Device.open(name, new DeviceOptions(2, precision));
    }

    /** Skips or fails as {@link #open} does, without opening the device. */
    public static void require(String name) {
        Backend.Availability availability = Device.backends().stream().filter(backend -> backend.name().equals(name))
                .findFirst().map(backend -> backend.availability(0))
                .orElseThrow(() -> new DeviceException("no backend '" + name + "' is on the class path"));
        if (availability.usable()) {
            return;
        }
        String reason = "the device " + name + " cannot be used: " + availability.reason();
        if (System.getProperty("require.backend", "").equals(name)) {
            fail(reason + " (it is required by -Drequire.backend=" + name + ")");
        }
        System.err.println("Skipped: " + reason);
        abort(reason);
    }
}
