package dev.limpid.launch;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Looks for an installed Java of at least a given version: first where the user points, then where installers put them.
 *
 * @param environment the environment variables
 * @param userHome the user's home folder
 * @param shared folders outside it that hold one Java each per entry
 */
record JavaSearch(Map<String, String> environment, Path userHome, List<Path> shared) {
    private static final List<String> IN_HOME = List.of(".sdkman/candidates/java", ".jdks", ".asdf/installs/java",
            ".local/share/mise/installs/java", ".gradle/jdks", "Library/Java/JavaVirtualMachines", "scoop/apps");
    private static final List<String> VENDORS = List.of("Java", "Eclipse Adoptium", "Microsoft", "Zulu",
            "Amazon Corretto", "BellSoft", "Semeru", "OpenJDK");

    /** The search on this machine. */
    static JavaSearch here() {
        Map<String, String> environment = System.getenv();
        List<Path> shared = new ArrayList<>(List.of(Path.of("/usr/lib/jvm"), Path.of("/usr/lib64/jvm"),
                Path.of("/usr/java"), Path.of("/opt/java"), Path.of("/opt/jdk"), Path.of("/opt"),
                Path.of("/Library/Java/JavaVirtualMachines"), Path.of("/opt/homebrew/opt"),
                Path.of("/usr/local/opt")));
        String programs = environment.get("ProgramFiles");
        if (programs != null) {
            VENDORS.forEach(vendor -> shared.add(Path.of(programs, vendor)));
        }
        return new JavaSearch(environment, Path.of(System.getProperty("user.home")), shared);
    }

    /**
     * The home of a Java of version {@code least} or newer.
     *
     * <p>One the user names ({@code LIMPID_JAVA_HOME}, {@code JAVA_HOME}, the PATH, in this order) wins; among those merely installed, the
     * oldest that suffices, because it is the one Limpid is tested with.
     */
    Optional<Path> find(int least) {
        Optional<Path> named = named().stream().filter(home -> suffices(home, least)).findFirst();
        return named.isPresent() ? named : oldestInstalled(least);
    }

    private List<Path> named() {
        List<Path> homes = new ArrayList<>();
        for (String variable : List.of("LIMPID_JAVA_HOME", "JAVA_HOME")) {
            path(environment.get(variable)).ifPresent(homes::add);
        }
        for (String entry : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            path(entry).flatMap(JavaSearch::homeOfCommandsIn).ifPresent(homes::add);
        }
        return homes;
    }

    private Optional<Path> oldestInstalled(int least) {
        Path best = null;
        int bestVersion = Integer.MAX_VALUE;
        List<Path> folders = new ArrayList<>();
        IN_HOME.forEach(folder -> folders.add(userHome.resolve(folder)));
        folders.addAll(shared);
        for (Path folder : folders) {
            for (Path home : homesIn(folder)) {
                int version = JavaVersion.of(home).orElse(0);
                if (version >= least && version < bestVersion) {
                    best = home;
                    bestVersion = version;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    private static boolean suffices(Path home, int least) {
        OptionalInt version = JavaVersion.of(home);
        return version.isPresent() && version.getAsInt() >= least;
    }

    /** A command on the PATH is often a link, or a link to a link, into the Java it belongs to. */
    private static Optional<Path> homeOfCommandsIn(Path folder) {
        Path posix = folder.resolve("java");
        Path command = Files.exists(posix) ? posix : folder.resolve("java.exe");
        try {
            return Optional.ofNullable(command.toRealPath().getParent()).map(Path::getParent);
        } catch (IOException e) {
            return Optional.empty(); // no such command in this folder: the usual case
        }
    }

    private static List<Path> homesIn(Path folder) {
        List<Path> homes = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                homes.add(entry);
                homes.add(entry.resolve("Contents").resolve("Home"));
                homes.add(entry.resolve("libexec").resolve("openjdk.jdk").resolve("Contents").resolve("Home"));
                homes.add(entry.resolve("current"));
            }
        } catch (IOException e) {
            return List.of(); // not a folder on this machine, or not ours to read
        }
        homes.sort(null);
        return homes;
    }

    private static Optional<Path> path(String text) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
