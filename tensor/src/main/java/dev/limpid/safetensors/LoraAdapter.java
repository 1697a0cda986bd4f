package dev.limpid.safetensors;

import dev.limpid.safetensors.SafetensorsException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A PEFT LoRA adapter, merged into a model's weights when these are read through {@link Weights#adapted}.
 *
 * <p>W' = W + scale · B · A, with A (r, in), B (out, r), W (out, in) and scale = alpha / r, or alpha / sqrt(r) with
 * {@code use_rslora}; for an embedding table W' = W + scale · (B · A)ᵀ. Tensors saved whole ({@code modules_to_save},
 * biases) take the place of the model's. DoRA and every other variant are refused by name.
 *
 * <p>Source: Hu et al., LoRA, arXiv 2106.09685; peft 0.21.0, tuners/lora/layer.py ({@code get_delta_weight}).
 */
public final class LoraAdapter implements AutoCloseable {

    private static final String FILE = "adapter_model.safetensors";
    private static final String PREFIX = "base_model.model.";

    /** The tensors of one adapted module, by their names in the file; null until seen. */
    private record Factors(String a, String b, boolean embedding) {}

    private final Path directory;
    private final LoraConfig config;
    private final SafetensorsFile file;
    private final Map<String, Factors> factors = new LinkedHashMap<>();
    private final Map<String, String> whole = new LinkedHashMap<>();

    private LoraAdapter(Path directory, LoraConfig config, SafetensorsFile file) {
        this.directory = directory;
        this.config = config;
        this.file = file;
        file.names().forEach(this::classify);
        factors.forEach(this::check);
        if (file.names().isEmpty()) {
            throw mismatch("the adapter holds no tensors");
        }
    }

    /**
     * Opens the directory that PEFT's {@code save_pretrained} wrote: {@code adapter_config.json} and
     * {@code adapter_model.safetensors}.
     *
     * @throws SafetensorsException {@code NOT_FOUND}; {@code BAD_ADAPTER_CONFIG}; {@code UNSUPPORTED_ADAPTER} naming the
     *         feature; {@code ADAPTER_MISMATCH} for a tensor that the config does not account for
     */
    public static LoraAdapter load(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new SafetensorsException(Reason.NOT_FOUND, "There is no adapter directory " + directory);
        }
        LoraConfig config = LoraConfig.read(directory);
        Path path = directory.resolve(FILE);
        if (!Files.exists(path)) {
            boolean pickled = Files.exists(directory.resolve("adapter_model.bin"));
            throw new SafetensorsException(Reason.NOT_FOUND, directory + " has no " + FILE + (pickled
                    ? ", only adapter_model.bin; load it with PEFT and save it again with save_pretrained(safe_serialization=True)"
                    : "; give the directory that PEFT's save_pretrained wrote"));
        }
        SafetensorsFile file = SafetensorsFile.open(path);
        try {
            return new LoraAdapter(directory, config, file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private void classify(String stored) {
        String name = stored.startsWith(PREFIX) ? stored.substring(PREFIX.length()) : stored;
        int lora = name.indexOf(".lora_");
        if (lora < 0) {
            // PEFT wraps an adapted module, so that its own bias is saved one level deeper.
            String plain = name.replace(".base_layer.", ".");
            if (!config.savesWhole(plain)) {
                throw mismatch("tensor '" + stored + "' is neither a LoRA factor nor named by modules_to_save or bias");
            }
            if (whole.putIfAbsent(plain, stored) != null) {
                throw mismatch("tensors '" + whole.get(plain) + "' and '" + stored + "' both replace '" + plain + "'");
            }
            return;
        }
        String module = name.substring(0, lora);
        Factors known = factors.getOrDefault(module, new Factors(null, null, false));
        factors.put(module, switch (name.substring(lora + 1)) {
            case "lora_A.weight" -> new Factors(stored, known.b(), false);
            case "lora_B.weight" -> new Factors(known.a(), stored, false);
            case "lora_embedding_A" -> new Factors(stored, known.b(), true);
            case "lora_embedding_B" -> new Factors(known.a(), stored, true);
            default -> throw new SafetensorsException(Reason.UNSUPPORTED_ADAPTER, file.path() + ": tensor '" + stored
                    + "' belongs to a variant of LoRA that is not implemented; merge the adapter with PEFT's merge_and_unload");
        });
    }

    private void check(String module, Factors pair) {
        if (pair.a() == null || pair.b() == null) {
            throw mismatch("module '" + module + "' has the factor '" + (pair.a() == null ? pair.b() : pair.a())
                    + "' but not the other one");
        }
        if (!config.targets(module)) {
            throw mismatch("tensor '" + pair.a() + "' adapts '" + module + "', which the config does not target");
        }
        long[] a = file.info(pair.a()).shape();
        long[] b = file.info(pair.b()).shape();
        if (a.length == 4) {
            throw new SafetensorsException(Reason.UNSUPPORTED_ADAPTER, file.path() + ": tensor '" + pair.a()
                    + "' adapts a convolution, which is not implemented; merge the adapter with PEFT's merge_and_unload");
        }
        int r = config.rank(module);
        if (a.length != 2 || b.length != 2 || a[0] != r || b[1] != r) {
            throw mismatch("the config gives '" + module + "' the rank " + r + ", but its factors have the shapes "
                    + TensorInfo.shapeText(a) + " and " + TensorInfo.shapeText(b));
        }
    }

    /** What PEFT calls the task the adapter was trained for, such as {@code QUESTION_ANS}; empty where it is not said. */
    public String taskType() {
        return config.taskType();
    }

    /** The directory this was loaded from. */
    public Path directory() {
        return directory;
    }

    /** The names of all tensors in the adapter's file. */
    List<String> names() {
        return file.names();
    }

    /** The tensor of the adapter that takes the place of the model's, or null. */
    String replacement(String name) {
        return whole.get(name);
    }

    /** The header's entry for one of the adapter's own tensors. */
    TensorInfo info(String stored) {
        return file.info(stored);
    }

    /** One of the adapter's own tensors. */
    float[] floats(String stored) {
        return file.floats(stored);
    }

    Path path() {
        return file.path();
    }

    /** The adapter's tensors that change a weight by low-rank factors; empty if there are none. */
    List<String> factorsOf(String weight) {
        Factors pair = factors.get(moduleOf(weight));
        return pair == null ? List.of() : List.of(pair.a(), pair.b());
    }

    /** Whether the config adapts the module of this weight, so that factors must exist. */
    boolean expects(String weight) {
        return config.namesTargets() && !moduleOf(weight).isEmpty() && config.targets(moduleOf(weight));
    }

    private static String moduleOf(String weight) {
        return weight.endsWith(".weight") ? weight.substring(0, weight.length() - ".weight".length()) : "";
    }

    /**
     * Adds scale · B · A to a weight in place.
     *
     * @param weight the name under which the adapter knows it
     * @param w the weight, row-major
     * @param shape its two dimensions
     * @param base the model's own tensors, which show whether square weights are stored as (in, out)
     */
    void merge(String weight, float[] w, long[] shape, TensorSource base) {
        String module = moduleOf(weight);
        Factors pair = factors.get(module);
        long in = file.info(pair.a()).shape()[1];
        long out = file.info(pair.b()).shape()[0];
        boolean straight = shape.length == 2 && shape[0] == out && shape[1] == in;
        boolean turned = shape.length == 2 && shape[0] == in && shape[1] == out;
        if (straight && turned && !pair.embedding()) {
            turned = storesTransposed(base);
            straight = !turned;
        }
        if (pair.embedding() ? !turned : !straight && !turned) {
            throw mismatch("factors of '" + module + "' make a weight of the shape [" + out + "," + in
                    + "], but the model's has " + TensorInfo.shapeText(shape));
        }
        float[] a = file.floats(pair.a());
        float[] b = file.floats(pair.b());
        float scale = (float) config.scale(module);
        if (pair.embedding() || turned) {
            add(transposed(a, (int) in), transposed(b, config.rank(module)), config.rank(module), scale, w);
        } else {
            add(b, a, config.rank(module), scale, w);
        }
    }

    /** w (m,n) += scale · left (m,r) · right (r,n); sums in double, rounds once before the scale and once after. */
    private static void add(float[] left, float[] right, int r, float scale, float[] w) {
        int m = left.length / r;
        int n = right.length / r;
        double[][] rows = new double[r][n];
        for (int k = 0; k < r; k++) {
            widen(right, k * n, rows[k]);
        }
        double[] sums = new double[n];
        for (int i = 0; i < m; i++) {
            Arrays.fill(sums, 0);
            int k = 0;
            for (; k + 4 <= r; k += 4) {
                addFour(left, i * r + k, rows, k, sums);
            }
            for (; k < r; k++) {
                addOne(left[i * r + k], rows[k], sums);
            }
            addScaled(sums, scale, w, i * n);
        }
    }

    private static void widen(float[] x, int at, double[] y) {
        for (int j = 0; j < y.length; j++) {
            y[j] = x[at + j];
        }
    }

    /** Four steps of {@link #addOne}, in the same order, which touch the sums once. */
    private static void addFour(float[] factors, int at, double[][] rows, int k, double[] sums) {
        double f0 = factors[at];
        double f1 = factors[at + 1];
        double f2 = factors[at + 2];
        double f3 = factors[at + 3];
        double[] x0 = rows[k];
        double[] x1 = rows[k + 1];
        double[] x2 = rows[k + 2];
        double[] x3 = rows[k + 3];
        for (int j = 0; j < sums.length; j++) {
            sums[j] = sums[j] + f0 * x0[j] + f1 * x1[j] + f2 * x2[j] + f3 * x3[j];
        }
    }

    private static void addOne(double factor, double[] x, double[] sums) {
        for (int j = 0; j < sums.length; j++) {
            sums[j] += factor * x[j];
        }
    }

    private static void addScaled(double[] sums, float scale, float[] w, int at) {
        for (int j = 0; j < sums.length; j++) {
            w[at + j] += (float) sums[j] * scale;
        }
    }

    private static float[] transposed(float[] matrix, int columns) {
        int rows = matrix.length / columns;
        float[] result = new float[matrix.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                result[j * rows + i] = matrix[i * columns + j];
            }
        }
        return result;
    }

    /**
     * Whether the model is made of transposed layers. PEFT sees the class of the layer and corrects a wrong
     * {@code fan_in_fan_out}; here a weight that is not square and its bias tell, and the option decides only without one.
     */
    private boolean storesTransposed(TensorSource base) {
        List<Boolean> evidence = new ArrayList<>();
        for (String name : base.names()) {
            String bias = moduleOf(name) + ".bias";
            if (moduleOf(name).isEmpty() || !base.has(bias)) {
                continue;
            }
            long[] shape = base.info(name).shape();
            if (shape.length == 2 && shape[0] != shape[1]) {
                evidence.add(base.info(bias).hasShape(shape[1]));
            }
        }
        return evidence.isEmpty() ? config.fanInFanOut() : evidence.contains(true);
    }

    private SafetensorsException mismatch(String what) {
        return new SafetensorsException(Reason.ADAPTER_MISMATCH, file.path() + ": " + what);
    }

    /** Unmaps the file; a second call does nothing. */
    @Override
    public void close() {
        file.close();
    }
}
