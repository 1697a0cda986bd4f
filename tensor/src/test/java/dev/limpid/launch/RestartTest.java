package dev.limpid.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestartTest {
    @Test
    void keepsHeapSizesAndPropertiesButNoAgents() {
        assertThat(Restart.inherited(List.of("-Xmx8g", "-Dlimpid.gemm=plain", "-agentlib:jdwp=transport=dt_socket",
                "-javaagent:trace.jar", "-XX:+UseZGC", "-Dlimpid.parent=17")))
                .containsExactly("-XX:+IgnoreUnrecognizedVMOptions", "-XX:MaxRAMPercentage=70", "-Xmx8g",
                        "-Dlimpid.gemm=plain", "-XX:+UseZGC");
    }

    @Test
    void choosesACollectorOnlyWhereTheUserDoesNot() {
        assertThat(Restart.inherited(List.of("-Xmx8g"))).containsSubsequence("-XX:+UseSerialGC", "-Xmn32m", "-Xmx8g");
        assertThat(Restart.inherited(List.of("-XX:+UseParallelGC"))).doesNotContain("-XX:+UseSerialGC");
    }

    @Test
    void passesArgumentsOnUntouchedBehindTheJar() {
        Restart restart = new Restart(Path.of("/jdk"), Path.of("/a folder/limpid.jar"), List.of("-Dextra=1"));
        String[] arguments = {"qa", "--question", "What is \"it\"?", ""};
        assertThat(restart.command(arguments)).startsWith(Path.of("/jdk/bin/java").toString()).contains("-Dextra=1")
                .endsWith("-jar", Path.of("/a folder/limpid.jar").toString(), "qa", "--question", "What is \"it\"?",
                        "");
    }
}
