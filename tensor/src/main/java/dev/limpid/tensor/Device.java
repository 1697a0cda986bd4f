package dev.limpid.tensor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Finds devices by name: {@code cpu}, {@code reference}, {@code cuda}, {@code cuda:1}, {@code opencl}, … */
public final class Device {
    private Device() {}

    /** Every backend on the class path, by name. */
    public static List<Backend> backends() {
        List<Backend> found = new ArrayList<>();
        ServiceLoader.load(Backend.class, Device.class.getClassLoader()).forEach(found::add);
        found.sort(Comparator.comparing(Backend::name));
        return found;
    }

    /** Begins in the background what a backend can do before it is opened; of no effect where there is none of this name. */
    public static void prepare(String backendName) {
        Thread.ofPlatform().daemon().name("limpid-prepare").start(() -> backends().stream()
                .filter(backend -> backend.name().equals(backendName)).forEach(Backend::prepare));
    }

    /**
     * Opens the device of this name.
     *
     * @param name a backend's name, with {@code :index} for one of several devices
     * @throws DeviceException if there is no such backend or it cannot be used here; the message says why
     */
    public static Ops open(String name, DeviceOptions options) {
        int colon = name.indexOf(':');
        String backendName = colon < 0 ? name : name.substring(0, colon);
        int index = colon < 0 ? 0 : index(name, name.substring(colon + 1));
        List<Backend> all = backends();
        for (Backend backend : all) {
            if (backend.name().equals(backendName)) {
                Backend.Availability availability = backend.availability(index);
                if (!availability.usable()) {
                    throw new DeviceException("device '" + name + "' cannot be used: " + availability.reason());
                }
                return new Ops(name, backend.open(index, options));
            }
        }
        throw new DeviceException("there is no device '" + name + "'; known are "
                + all.stream().map(Backend::name).collect(Collectors.joining(", ")) + " (limpid devices lists them)");
    }

    private static int index(String name, String digits) {
        try {
            int index = Integer.parseInt(digits);
            if (index >= 0) {
                return index;
            }
        } catch (NumberFormatException e) {
            throw new DeviceException("device '" + name + "' must end in a number after the colon, as in cuda:1", e);
        }
        throw new DeviceException("device '" + name + "' has a negative number; count from 0, as in cuda:1");
    }
}
