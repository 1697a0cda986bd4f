package dev.limpid.bench.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.limpid.bench.BenchException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A running {@code reference/bench_peers.py}: takes requests and gives answers, one line of JSON each. */
final class PeerProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** PyTorch's idle threads spin for a while after their work, at the cost of whoever comes next. */
    private static final long IDLE_MILLISECONDS = 300;

    private final Process process;
    private final Writer requests;
    private final BufferedReader answers;
    private final Path errors;

    PeerProcess(String python, Path script, int threads) {
        try {
            errors = Files.createTempFile("limpid-peers", ".log");
            ProcessBuilder builder = new ProcessBuilder(List.of(python, script.toString()))
                    .redirectError(errors.toFile());
            builder.environment().put("OMP_NUM_THREADS", Integer.toString(threads));
            builder.environment().put("TOKENIZERS_PARALLELISM", "false");
            process = builder.start();
        } catch (IOException e) {
            throw new BenchException("--peers: " + python + " cannot be run: " + e.getMessage());
        }
        requests = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static ObjectNode request(String what) {
        return JSON.createObjectNode().put("do", what);
    }

    /**
     * What the script answers.
     *
     * @throws BenchException where it failed
     */
    JsonNode ask(ObjectNode request) {
        JsonNode answer = answer(request);
        if (answer.has("error")) {
            throw new BenchException("the peers failed: " + answer.path("error").asText());
        }
        return answer;
    }

    /** As {@link #ask}, with a failure as an answer that has an {@code error}. */
    JsonNode answer(ObjectNode request) {
        try {
            requests.write(request + "\n");
            requests.flush();
            String line = answers.readLine();
            if (line != null) {
                return JSON.readTree(line);
            }
        } catch (IOException e) {
            // said below, with what the process itself says
        }
        return JSON.createObjectNode().put("error", "the process ended; it said: " + lastError());
    }

    /** Runs what was opened under this name; the seconds it took by its own clock. */
    double seconds(String name) throws InterruptedException {
        double seconds = ask(request("run").put("name", name)).path("seconds").asDouble();
        Thread.sleep(IDLE_MILLISECONDS);
        return seconds;
    }

    private String lastError() {
        try {
            List<String> lines = Files.readAllLines(errors);
            return lines.isEmpty() ? "nothing" : lines.getLast();
        } catch (IOException e) {
            return "nothing that could be read";
        }
    }

    @Override
    public void close() {
        try {
            requests.close();
            process.waitFor();
            Files.deleteIfExists(errors);
        } catch (IOException e) {
            process.destroy();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
