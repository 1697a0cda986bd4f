package dev.limpid.demo.assembly;

import dev.limpid.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The build step that completes the folder of embedded models: it assembles the base encoder and writes the index that
 * {@code dev.limpid.demo.DemoModels} reads.
 *
 * <p>Argument: the directory of compiled classes, where the resources are already. Does nothing when neither the source,
 * nor this program, nor a resource has changed.
 */
public final class AssembleModels {

    private static final String ONNX = "/all-minilm-l6-v2.onnx";
    private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";
    private static final String BASE = "all-minilm-l6-v2";
    private static final String MODELS = "dev/limpid/demo/models";
    private static final Set<String> GENERATED = Set.of("model.safetensors", "config.json",
            "tokenizer_config.json", "vocab.txt");

    private final Path classes;
    private final Path models;
    private final Path base;

    private AssembleModels(Path classes) {
        this.classes = classes;
        models = classes.resolve(MODELS);
        base = models.resolve(BASE);
    }

    /** Runs the step. */
    public static void main(String[] arguments) throws IOException, URISyntaxException {
        AssembleModels step = new AssembleModels(Path.of(arguments[0]));
        Path stampFile = step.classes.resolveSibling("demo-models.stamp");
        String stamp = step.stamp();
        boolean upToDate = Files.exists(stampFile) && Files.readString(stampFile).equals(stamp)
                && Files.exists(step.models.resolve("index.properties"))
                && GENERATED.stream().allMatch(name -> Files.exists(step.base.resolve(name)));
        if (!upToDate) {
            Files.deleteIfExists(stampFile);
            step.assemble();
            step.writeIndex();
            Files.writeString(stampFile, stamp);
        }
    }

    /** Everything the result depends on: the artifact's file name and size, this program, and the resources. */
    private String stamp() throws IOException, URISyntaxException {
        Path artifact = artifact();
        MessageDigest digest = sha256();
        digest.update((artifact.getFileName() + " " + Files.size(artifact)).getBytes(StandardCharsets.UTF_8));
        for (Path file : files(classes.resolve("dev/limpid/demo/assembly"))) {
            digest.update(Files.readAllBytes(file));
        }
        for (Path model : directories()) {
            for (Path file : files(model)) {
                if (!model.equals(base) || !GENERATED.contains(file.getFileName().toString())) {
                    digest.update(models.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                    digest.update(Files.readAllBytes(file));
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The jar that holds the ONNX file, from its address {@code jar:file:...!/entry}. */
    private static Path artifact() throws URISyntaxException {
        String address = AssembleModels.class.getResource(ONNX).toString();
        return Path.of(URI.create(address.substring("jar:".length(), address.lastIndexOf("!/"))));
    }

    private void assemble() throws IOException {
        Files.createDirectories(base);
        SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
        new MiniLmWeights(OnnxGraph.read(ByteBuffer.wrap(resource(ONNX)))).addTo(writer);
        writer.write(base.resolve("model.safetensors"));
        MiniLmFiles.writeConfig(base);
        MiniLmFiles.writeTokenizer(base, resource(TOKENIZER));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = AssembleModels.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    /** For every model its files with their sizes, and a key made of their contents. */
    private void writeIndex() throws IOException {
        StringBuilder index = new StringBuilder();
        for (Path model : directories()) {
            MessageDigest digest = sha256();
            StringBuilder sizes = new StringBuilder();
            for (Path file : files(model)) {
                String entry = file.getFileName() + ":" + Files.size(file);
                digest.update(entry.getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(file));
                sizes.append(sizes.isEmpty() ? "" : " ").append(entry);
            }
            String key = HexFormat.of().formatHex(digest.digest()).substring(0, 16);
            index.append(model.getFileName()).append(".key=").append(key).append('\n');
            index.append(model.getFileName()).append(".files=").append(sizes).append('\n');
        }
        Files.writeString(models.resolve("index.properties"), index);
    }

    private List<Path> directories() throws IOException {
        return children(models).stream().filter(Files::isDirectory).toList();
    }

    private static List<Path> files(Path directory) throws IOException {
        return children(directory).stream().filter(Files::isRegularFile).toList();
    }

    private static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.sorted().toList();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
