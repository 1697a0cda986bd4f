package dev.limpid.bench.peers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.limpid.bench.BenchException;
import dev.limpid.bench.rounds.Rounds;
import dev.limpid.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** Something that a peer has loaded and explains whenever it is told to. */
final class PeerRun implements Rounds.Contender, AutoCloseable {
    private final PeerProcess peers;
    private final String name;
    private final String attention;

    /** Loads it: the request has the kind and what that needs. */
    PeerRun(PeerProcess peers, ObjectNode open) {
        this.peers = peers;
        name = open.path("kind").asText() + " " + open.path("nodes").asText();
        attention = peers.ask(open.put("do", "open").put("name", name)).path("attention").asText();
    }

    /** A request for one of the kinds of {@code bench_peers.py}. */
    static ObjectNode of(String kind, Path folder, int nodes) {
        return PeerProcess.request("open").put("kind", kind).put("folder", folder.toAbsolutePath().toString())
                .put("nodes", nodes);
    }

    /** Which attention transformers chose by itself. */
    String attention() {
        return attention;
    }

    @Override
    public double seconds() throws InterruptedException {
        return peers.seconds(name);
    }

    /** Explains once, untimed, and hands over what it wrote. */
    <T> T values(Function<SafetensorsFile, T> reader) {
        try {
            Path file = Files.createTempFile("limpid-peer", ".safetensors");
            try {
                peers.ask(PeerProcess.request("run").put("name", name).put("out", file.toString()));
                try (SafetensorsFile written = SafetensorsFile.open(file)) {
                    return reader.apply(written);
                }
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new BenchException("the folder for temporary files cannot be used: " + e);
        }
    }

    @Override
    public void close() {
        peers.ask(PeerProcess.request("close").put("name", name));
    }
}
