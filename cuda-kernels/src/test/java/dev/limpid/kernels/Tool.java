package dev.limpid.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A program that a test needs and that is not part of the build. */
record Tool(String name) {
    /**
     * The program of this name.
     *
     * <p>Without it tests are skipped; where the system property {@code required} is true they fail.
     */
    static Tool named(String name, String required) {
        boolean there = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        if (there) {
            return new Tool(name);
        }
        String reason = "there is no " + name + " on the PATH";
        return Boolean.getBoolean(required) ? fail(reason + ", and -D" + required + " is given") : abort(reason);
    }

    /** Runs it to its end, without a failure, and returns what it printed. */
    String run(Path folder, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(name));
        command.addAll(arguments);
        return run(folder, command.toArray(new String[0]));
    }

    /** Runs a program in {@code folder} to its end, without a failure, and returns what it printed. */
    static String run(Path folder, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s%n%s", String.join(" ", command), output).isZero();
        return output;
    }
}
