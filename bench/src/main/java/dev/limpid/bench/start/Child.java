package dev.limpid.bench.start;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpid.bench.BenchException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of its own, waited for. */
public final class Child {
    private Child() {}

    /** How long it took, in seconds, and what it printed. */
    public record Outcome(double seconds, String output) {}

    /** Runs a program to its end; what it says on the standard error is not kept. */
    public static Outcome run(List<String> command, Path folder) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.DISCARD);
            builder.environment().put("TOKENIZERS_PARALLELISM", "false");
            if (folder != null) {
                builder.directory(folder.toFile());
            }
            long start = System.nanoTime();
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            double seconds = (System.nanoTime() - start) * 1e-9;
            if (status != 0) {
                throw new BenchException(command.getFirst() + " ended with status " + status + "; the command was "
                        + String.join(" ", command));
            }
            return new Outcome(seconds, output);
        } catch (IOException e) {
            throw new BenchException(command.getFirst() + " cannot be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("the wait for " + command.getFirst() + " was interrupted");
        }
    }

    /** The JSON that a class of this program prints in a Java of its own. */
    public static JsonNode json(List<String> options, String main, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        // The same products as in this process.
        command.add("-Dlimpid.gemm=" + System.getProperty("limpid.gemm", "java"));
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), main));
        command.addAll(List.of(arguments));
        try {
            return new ObjectMapper().readTree(run(command, null).output());
        } catch (IOException e) {
            throw new BenchException(main + " printed no JSON: " + e.getMessage());
        }
    }
}
