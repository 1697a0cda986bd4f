package dev.limpid.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpid.bench.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerProcessTest {
    @TempDir
    Path folder;

    private PeerProcess process(String script) throws IOException {
        return new PeerProcess("sh", Files.writeString(folder.resolve("peer.sh"), script), 2);
    }

    @Test
    void asksLineByLine() throws Exception {
        try (PeerProcess peer = process("""
                while read -r line; do
                  case $line in
                    *run*) echo '{"seconds": 1.5}' ;;
                    *) echo "{\\"threads\\": $OMP_NUM_THREADS}" ;;
                  esac
                done
                """)) {
            assertThat(peer.ask(PeerProcess.request("versions")).path("threads").asInt()).isEqualTo(2);
            assertThat(peer.seconds("a")).isEqualTo(1.5);
        }
    }

    @Test
    void aFailureIsSaidAndAnEndIsExplained() throws Exception {
        try (PeerProcess peer = process("""
                read -r line
                echo '{"error": "no such model"}'
                echo 'Killed by something' >&2
                """)) {
            assertThatThrownBy(() -> peer.ask(PeerProcess.request("open"))).isInstanceOf(BenchException.class)
                    .hasMessage("the peers failed: no such model");
            assertThat(peer.answer(PeerProcess.request("open")).path("error").asText())
                    .isEqualTo("the process ended; it said: Killed by something");
        }
    }

    @Test
    void aProgramThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> new PeerProcess("no-such-python", folder, 1)).isInstanceOf(BenchException.class)
                .hasMessageStartingWith("--peers: no-such-python cannot be run: ");
    }

    @Test
    void attributionsThatAreApartEndTheRun() {
        assertThat(Comparison.requireNear("x", 1e-5, 1e-4)).isEqualTo(1e-5);
        assertThatThrownBy(() -> Comparison.requireNear("x", Double.NaN, 1e-4)).isInstanceOf(BenchException.class)
                .hasMessage("x: the attributions differ by NaN of the largest from the peer's, allowed are 1.0E-4");
    }
}
