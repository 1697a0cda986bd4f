package dev.limpid.bench.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherOptionsTest {
    private static final Path SCRIPT = Path.of(System.getProperty("limpid.root"), "limpid");

    @TempDir
    private Path folder;

    /** The script is given a Java that only says how it was started. */
    @Test
    void areTheScripts() throws Exception {
        Path java = Files.createDirectories(folder.resolve("java/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(folder.resolve("java/release"), "JAVA_VERSION=\"25\"\n");
        Files.copy(SCRIPT, folder.resolve("limpid"));
        Files.createFile(Files.createDirectories(folder.resolve("cli/target")).resolve("limpid.jar"));
        ProcessBuilder command = new ProcessBuilder("sh", folder.resolve("limpid").toString(), "qa");
        command.environment().put("LIMPID_JAVA_HOME", folder.resolve("java").toString());
        command.environment().remove("LIMPID_JAVA_OPTS");
        Process process = command.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        List<String> options = output.lines().takeWhile(line -> !line.contains("SharedArchive")).toList();
        assertThat(options).containsExactlyElementsOf(
                Stream.of(LauncherOptions.MEMORY, LauncherOptions.COMPILER).flatMap(List::stream).toList());
    }
}
