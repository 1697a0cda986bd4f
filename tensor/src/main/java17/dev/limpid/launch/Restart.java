package dev.limpid.launch;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The program, started once more by another Java or with other flags.
 *
 * @param home the Java to start
 * @param jar the runnable jar
 * @param flags JVM flags to add
 */
record Restart(Path home, Path jar, List<String> flags) {
    /** Set in a JVM that was started with the flag for the Vector API, so that it is not tried again. */
    static final String WITH_VECTOR_FLAG = "-Dlimpid.restarted=vector";

    /** For few large arrays that live long: half the memory of the default collector, and as fast. */
    private static final List<String> COLLECTOR = List.of("-XX:+UseSerialGC", "-Xmn32m",
            "-XX:PretenureSizeThreshold=64k");

    private static final String PARENT = "limpid.parent";

    /** Whether this JVM was started with the property {@code flag}, of the form {@code -Dname=value}. */
    static boolean happened(String flag) {
        String[] nameAndValue = flag.substring(2).split("=", 2);
        return nameAndValue[1].equals(System.getProperty(nameAndValue[0]));
    }

    /** Runs it with this process's input and output; returns its exit status. */
    int run(String[] args) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(command(args)).inheritIO().start();
        // A terminal's Ctrl-C reaches both; a signal sent to this process alone must end the other too.
        Thread end = new Thread(child::destroy, "limpid-end-child");
        Runtime.getRuntime().addShutdownHook(end);
        return child.waitFor();
    }

    List<String> command(String[] args) {
        List<String> command = new ArrayList<>();
        command.add(JavaVersion.executable(home).toString());
        command.addAll(inherited(ManagementFactory.getRuntimeMXBean().getInputArguments()));
        command.addAll(flags);
        command.add("-D" + PARENT + "=" + ProcessHandle.current().pid());
        command.add("-jar");
        command.add(jar.toString());
        command.addAll(List.of(args));
        return command;
    }

    /**
     * The JVM arguments of this process that the next one is to have too: heap sizes and properties yes, agents no (two debuggers cannot share a port).
     */
    static List<String> inherited(List<String> arguments) {
        List<String> kept = new ArrayList<>();
        kept.add("-XX:+IgnoreUnrecognizedVMOptions"); // the two may be of different versions
        kept.add("-XX:MaxRAMPercentage=70"); // models are large; a limit of the user's follows and wins
        if (arguments.stream().noneMatch(argument -> argument.matches("-XX:\\+Use\\w*GC"))) {
            kept.addAll(COLLECTOR);
        }
        for (String argument : arguments) {
            boolean agent = argument.startsWith("-agent") || argument.startsWith("-javaagent")
                    || argument.startsWith("-Xrunjdwp");
            if (!agent && !argument.startsWith("-D" + PARENT + "=")) {
                kept.add(argument);
            }
        }
        return kept;
    }

    /** In a restarted JVM: ends it when the process that started it is gone, even killed. */
    static void endWithParent() {
        String pid = System.getProperty(PARENT);
        if (pid == null) {
            return;
        }
        Optional<ProcessHandle> parent = ProcessHandle.of(Long.parseLong(pid));
        Thread watch = new Thread(() -> {
            parent.ifPresent(handle -> handle.onExit().join());
            Runtime.getRuntime().halt(1);
        }, "limpid-watch-parent");
        watch.setDaemon(true);
        watch.start();
    }
}
