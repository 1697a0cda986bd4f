package dev.limpid.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
    @TempDir
    Path folder;

    @Test
    void replacesWhatWasThere() throws IOException {
        Path path = Files.writeString(folder.resolve("a"), "a longer text than the new one");
        new OutputFile("--json", path).write("new é".getBytes(StandardCharsets.UTF_8));
        assertThat(path).hasContent("new é");
        assertThat(folder).isDirectoryNotContaining(file -> !file.equals(path));
    }

    @Test
    void aLinkStaysALink() throws IOException {
        Path path = Files.writeString(folder.resolve("a"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), path);
        new OutputFile("--json", link).write(new byte[]{'n', 'e', 'w'});
        assertThat(link).isSymbolicLink();
        assertThat(path).hasContent("new");
    }

    @Test
    void whatCannotBePutInItsPlaceLeavesNothingBehind() throws IOException {
        Path path = Files.createDirectories(folder.resolve("a/b")).getParent();
        OutputFile file = new OutputFile("--json", path);
        assertThatThrownBy(file::check).isInstanceOf(UsageException.class).hasMessageContaining("is a folder");
        assertThatThrownBy(() -> file.write(new byte[]{1, 2})).isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--json " + path + " cannot be written: ");
        assertThat(path).isDirectory();
        assertThat(folder).isDirectoryNotContaining(other -> !other.equals(path));
    }

    @Test
    void devicesAreWrittenTo() {
        OutputFile file = new OutputFile("--json", Path.of("/dev/null"));
        file.check();
        file.write(new byte[]{1, 2});
        assertThat(Path.of("/dev/null")).exists();
    }
}
