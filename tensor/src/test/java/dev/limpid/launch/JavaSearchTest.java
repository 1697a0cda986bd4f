package dev.limpid.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Only files are looked at, so folders that look like a Java will do. */
class JavaSearchTest {
    @TempDir
    Path folder;

    @Test
    void findsNothingWhereNothingIs() {
        assertThat(search(Map.of()).find(25)).isEmpty();
    }

    @Test
    void oneTheUserNamesWinsOverInstalledOnes() throws IOException {
        install("usr/25", "25.0.1");
        Path named = install("own place/named 26", "26");
        assertThat(search(Map.of("LIMPID_JAVA_HOME", named.toString())).find(25)).contains(named);
        assertThat(search(Map.of("JAVA_HOME", named.toString())).find(25)).contains(named);
    }

    @Test
    void itsOwnVariableWinsOverJavaHome() throws IOException {
        Path own = install("a", "25");
        Path general = install("b", "26");
        assertThat(search(Map.of("JAVA_HOME", general.toString(), "LIMPID_JAVA_HOME", own.toString())).find(25))
                .contains(own);
    }

    @Test
    void anOldJavaHomeIsPassedOver() throws IOException {
        Path old = install("old", "17.0.15");
        Path installed = install("usr/25", "25");
        assertThat(search(Map.of("JAVA_HOME", old.toString())).find(25)).contains(installed);
    }

    @Test
    void followsLinksOnThePathIntoTheirJava() throws IOException {
        Path home = install("elsewhere/jdk", "25.0.3");
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("java"), home.resolve("bin/java"));
        String path = String.join(File.pathSeparator, "", "/nowhere", bin.toString());
        assertThat(search(Map.of("PATH", path)).find(25)).contains(home.toRealPath());
    }

    @Test
    void theOldestThatSufficesIsTakenAmongInstalledOnes() throws IOException {
        install("usr/java-17", "17.0.15");
        install("usr/java-27", "27-ea");
        Path wanted = install("home/.sdkman/candidates/java/25-tem", "25.0.3");
        install("home/.jdks/openjdk-26", "26.0.1");
        assertThat(search(Map.of()).find(25)).contains(wanted);
    }

    @Test
    void looksIntoTheFoldersOfMacBundles() throws IOException {
        Path home = install("usr/temurin-25.jdk/Contents/Home", "25.0.3");
        assertThat(search(Map.of()).find(25)).contains(home);
    }

    @Test
    void readsTheOldFormOfVersions() throws IOException {
        assertThat(JavaVersion.of(install("eight", "1.8.0_402"))).hasValue(8);
    }

    @Test
    void aFolderWithoutCommandOrVersionIsNoJava() throws IOException {
        Path broken = install("usr/broken", "25");
        Files.delete(broken.resolve("bin/java"));
        Path nameless = install("usr/nameless", "25");
        Files.writeString(nameless.resolve("release"), "IMPLEMENTOR=\"Nobody\"\n");
        Path bare = install("usr/bare", "25");
        Files.delete(bare.resolve("release"));
        assertThat(search(Map.of()).find(25)).isEmpty();
    }

    private JavaSearch search(Map<String, String> environment) {
        return new JavaSearch(environment, folder.resolve("home"), List.of(folder.resolve("usr")));
    }

    private Path install(String place, String version) throws IOException {
        Path home = folder.resolve(place);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"),
                "IMPLEMENTOR=\"Example\"\nJAVA_VERSION=\"" + version + "\"\nJAVA_VERSION_DATE=\"2026-04-21\"\n");
        Files.createFile(home.resolve("bin/java"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        return home;
    }
}
