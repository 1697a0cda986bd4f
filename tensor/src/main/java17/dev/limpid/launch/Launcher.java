package dev.limpid.launch;

import java.io.File;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;

/**
 * The main class of the runnable jars: brings about a Java that can run the program, and hands over to it.
 *
 * <p>On Java {@value #REQUIRED} or newer the program runs in this JVM. On an older one the newer Java is looked for ({@link JavaSearch}) and started
 * in its place, with the same input, output, arguments and exit status. The program's own main class is the manifest's {@code Limpid-Main}.
 */
public final class Launcher {
    /** The Java that Limpid is compiled for. */
    static final int REQUIRED = 25;

    private static final int EXIT_USAGE = 2;

    private Launcher() {}

    public static void main(String[] args) throws Throwable {
        Path jar = jar();
        if (Runtime.version().feature() < REQUIRED) {
            Optional<Path> home = JavaSearch.here().find(REQUIRED);
            if (home.isEmpty()) {
                System.err.println("Limpid needs Java " + REQUIRED + " or newer and found none (this is Java "
                        + Runtime.version().feature()
                        + "); install one, for instance from https://adoptium.net, or name its folder in LIMPID_JAVA_HOME");
                System.exit(EXIT_USAGE);
            }
            System.exit(new Restart(home.orElseThrow(), jar, List.of()).run(args));
        }
        Restart.endWithParent();
        if (!Restart.happened(Restart.WITH_VECTOR_FLAG) && !VectorModule.resolved() && VectorModule.installed()
                && !VectorModule.load()) {
            List<String> flags = List.of("--add-modules", VectorModule.NAME, Restart.WITH_VECTOR_FLAG);
            System.exit(new Restart(Path.of(System.getProperty("java.home")), jar, flags).run(args));
        }
        MethodHandles.publicLookup().findStatic(Class.forName(mainClass(jar)), "main",
                MethodType.methodType(void.class, String[].class)).invoke(args);
    }

    private static Path jar() throws URISyntaxException {
        return Path.of(Launcher.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static String mainClass(Path jar) throws IOException {
        try (JarFile file = new JarFile(new File(jar.toString()))) {
            return file.getManifest().getMainAttributes().getValue("Limpid-Main");
        }
    }
}
