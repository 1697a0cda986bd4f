package dev.limpid.launch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.module.ModuleFinder;

/**
 * Makes {@code jdk.incubator.vector} available to this JVM.
 *
 * <p>A jar cannot ask for a module in its manifest. The other ways are a flag on the command line, which costs a second JVM and a warning on every run, or
 * the JDK's own way of adding a system module to a running JVM, which the manifest's {@code Add-Exports} opens to the runnable jars. The second is
 * internal to the JDK: where it is gone, {@link Launcher} falls back to the flag. docs/decisions/0010-vector-api-without-flags.md has the figures.
 */
final class VectorModule {
    static final String NAME = "jdk.incubator.vector";

    private VectorModule() {}

    /** Whether this Java has the module at all; runtimes made with jlink need not. */
    static boolean installed() {
        return ModuleFinder.ofSystem().find(NAME).isPresent();
    }

    /** Whether the JVM was started with the module. */
    static boolean resolved() {
        return ModuleLayer.boot().findModule(NAME).isPresent();
    }

    /** Adds the module to the running JVM; false where this JDK does not let us. */
    static boolean load() {
        try {
            MethodHandles.lookup().findStatic(Class.forName("jdk.internal.module.Modules"), "loadModule",
                    MethodType.methodType(Module.class, String.class)).invoke(NAME);
            return true;
        } catch (ReflectiveOperationException e) {
            return false; // moved, renamed or not exported to us: the flag remains
        } catch (Throwable e) {
            throw new IllegalStateException("this Java could not load its module " + NAME + ": " + e, e);
        }
    }
}
