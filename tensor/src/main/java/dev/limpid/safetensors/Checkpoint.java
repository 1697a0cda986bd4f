package dev.limpid.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.limpid.safetensors.SafetensorsException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The weights of a model directory: {@code model.safetensors}, or the shards that {@code model.safetensors.index.json}
 * names, or one file given by its path.
 *
 * <p>As in transformers, {@code model.safetensors} wins where both exist, every tensor of every shard counts, and the
 * index's {@code total_size} is not looked at. Thread-safe like {@link SafetensorsFile}.
 *
 * <p>Source: transformers, modeling_utils.py and utils/hub.py ({@code get_checkpoint_shard_files}).
 */
public final class Checkpoint implements TensorSource {

    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final List<String> OTHER_FORMATS = List.of("pytorch_model.bin", "pytorch_model.bin.index.json",
            "tf_model.h5", "flax_model.msgpack", "model.onnx");

    private static final JsonMapper JSON = JsonMapper
            .builder(JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private final Path directory;
    private final List<SafetensorsFile> shards;
    private final Map<String, SafetensorsFile> byName;

    private Checkpoint(Path directory, List<SafetensorsFile> shards, Map<String, SafetensorsFile> byName) {
        this.directory = directory;
        this.shards = shards;
        this.byName = byName;
    }

    /**
     * Opens a model directory, an index, or one safetensors file.
     *
     * @throws SafetensorsException saying what is missing, or which rule which file breaks
     */
    public static Checkpoint open(Path path) {
        if (Files.isDirectory(path)) {
            Path single = path.resolve(SINGLE);
            if (Files.exists(single)) {
                return single(path, single);
            }
            Path index = path.resolve(INDEX);
            if (Files.exists(index)) {
                return sharded(path, index);
            }
            throw notACheckpoint(path);
        }
        if (!Files.exists(path)) {
            throw new SafetensorsException(Reason.NOT_FOUND, "There is no model at " + path
                    + "; give a directory that holds config.json and " + SINGLE + ", or a .safetensors file");
        }
        Path name = path.getFileName();
        Path directory = path.toAbsolutePath().getParent();
        if (name.toString().endsWith(".index.json")) {
            return sharded(directory, path);
        }
        if (name.toString().endsWith(".bin") || name.toString().endsWith(".pt")) {
            throw new SafetensorsException(Reason.NOT_A_CHECKPOINT, path + " is not a safetensors file" + convert());
        }
        return single(directory, path);
    }

    private static SafetensorsException notACheckpoint(Path directory) {
        for (String other : OTHER_FORMATS) {
            if (Files.exists(directory.resolve(other))) {
                return new SafetensorsException(Reason.NOT_A_CHECKPOINT,
                        directory + " holds " + other + " but no " + SINGLE + convert());
            }
        }
        if (Files.exists(directory.resolve("adapter_model.safetensors"))) {
            return new SafetensorsException(Reason.NOT_A_CHECKPOINT, directory
                    + " holds a LoRA adapter but no model; give its base model's directory and this one as the adapter");
        }
        return new SafetensorsException(Reason.NOT_A_CHECKPOINT,
                directory + " holds neither " + SINGLE + " nor " + INDEX
                        + "; give a directory with a Hugging Face checkpoint in safetensors format");
    }

    private static String convert() {
        return "; convert it once with Python: load it with transformers' AutoModel class for its task "
                + "(from_pretrained) and write it with save_pretrained(NEW_DIRECTORY, safe_serialization=True)";
    }

    private static Checkpoint single(Path directory, Path file) {
        return union(directory, List.of(file));
    }

    private static Checkpoint sharded(Path directory, Path index) {
        Map<String, String> weightMap = weightMap(index);
        List<Path> files = new ArrayList<>();
        for (String shard : new TreeSet<>(weightMap.values())) {
            Path file = shardPath(directory, index, shard);
            if (!Files.exists(file)) {
                throw new SafetensorsException(Reason.MISSING_SHARD, index + " names the shard " + shard
                        + ", but there is no such file; download all files of the checkpoint");
            }
            files.add(file);
        }
        Checkpoint checkpoint = union(directory, files);
        weightMap.forEach((tensor, shard) -> {
            SafetensorsFile holder = checkpoint.byName.get(tensor);
            if (holder == null || !holder.path().equals(directory.resolve(shard))) {
                checkpoint.close();
                throw new SafetensorsException(Reason.NO_SUCH_TENSOR, index + " says that tensor '" + tensor
                        + "' is in " + shard + ", but "
                        + (holder == null ? "no shard has it" : holder.path() + " has it"));
            }
        });
        return checkpoint;
    }

    private static Map<String, String> weightMap(Path index) {
        JsonNode root;
        try {
            root = JSON.readTree(Files.readAllBytes(index));
        } catch (IOException e) {
            throw new SafetensorsException(Reason.BAD_INDEX, index + " cannot be read as JSON: " + e.getMessage(), e);
        }
        JsonNode map = root.path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw new SafetensorsException(Reason.BAD_INDEX,
                    index + " must have an object 'weight_map' that says which shard holds which tensor");
        }
        Map<String, String> weightMap = new LinkedHashMap<>();
        map.properties().forEach(entry -> {
            if (!entry.getValue().isTextual()) {
                throw new SafetensorsException(Reason.BAD_INDEX, index + ": weight_map entry '" + entry.getKey()
                        + "' must be a file name but is " + entry.getValue());
            }
            weightMap.put(entry.getKey(), entry.getValue().textValue());
        });
        return weightMap;
    }

    /** Lexical only: the Hugging Face cache links every file of a checkpoint to a folder beside it. */
    private static Path shardPath(Path directory, Path index, String shard) {
        try {
            Path root = directory.toAbsolutePath().normalize();
            boolean inside = root.resolve(shard).normalize().startsWith(root) && !Path.of(shard).isAbsolute();
            if (inside && !shard.isBlank()) {
                return directory.resolve(shard);
            }
        } catch (InvalidPathException e) {
            throw new SafetensorsException(Reason.BAD_INDEX, index + " names the shard '" + shard + "', no file name",
                    e);
        }
        throw new SafetensorsException(Reason.BAD_INDEX,
                index + " names the shard '" + shard + "', which lies outside of the model's directory");
    }

    private static Checkpoint union(Path directory, List<Path> files) {
        List<SafetensorsFile> shards = new ArrayList<>();
        Map<String, SafetensorsFile> byName = new LinkedHashMap<>();
        try {
            for (Path file : files) {
                SafetensorsFile shard = SafetensorsFile.open(file);
                shards.add(shard);
                for (String name : shard.names()) {
                    SafetensorsFile other = byName.putIfAbsent(name, shard);
                    if (other != null) {
                        throw new SafetensorsException(Reason.DUPLICATE_TENSOR,
                                "tensor '" + name + "' is in two shards, "
                                        + other.path() + " and " + shard.path());
                    }
                }
            }
            return new Checkpoint(directory, List.copyOf(shards), byName);
        } catch (RuntimeException e) {
            shards.forEach(SafetensorsFile::close);
            throw e;
        }
    }

    /** The directory that holds the weights. */
    public Path directory() {
        return directory;
    }

    /**
     * A file that must lie beside the weights, such as {@code config.json}.
     *
     * @throws SafetensorsException {@code NOT_FOUND} if it does not
     */
    public Path companion(String fileName) {
        Path file = directory.resolve(fileName);
        if (!Files.isRegularFile(file)) {
            throw new SafetensorsException(Reason.NOT_FOUND, directory + " has no " + fileName
                    + ", which must lie beside the weights; download all files of the checkpoint");
        }
        return file;
    }

    @Override
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    @Override
    public boolean has(String name) {
        return byName.containsKey(name);
    }

    @Override
    public TensorInfo info(String name) {
        return holder(name).info(name);
    }

    @Override
    public float[] floats(String name) {
        return holder(name).floats(name);
    }

    @Override
    public Path fileOf(String name) {
        return holder(name).path();
    }

    private SafetensorsFile holder(String name) {
        SafetensorsFile holder = byName.get(name);
        if (holder == null) {
            throw new SafetensorsException(Reason.NO_SUCH_TENSOR, (shards.size() == 1
                    ? shards.getFirst().path()
                    : directory + " (" + shards.size() + " shards)") + " has no tensor '" + name + "'");
        }
        return holder;
    }

    /** Unmaps all files; a second call does nothing. */
    @Override
    public void close() {
        shards.forEach(SafetensorsFile::close);
    }
}
