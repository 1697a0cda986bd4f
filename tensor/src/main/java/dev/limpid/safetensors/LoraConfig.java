package dev.limpid.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.limpid.safetensors.SafetensorsException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * {@code adapter_config.json} of a LoRA adapter, and the rules by which PEFT applies it to a module's name.
 *
 * <p>Source: peft 0.21.0, tuners/lora/config.py, tuners/tuners_utils.py ({@code check_target_module_exists}),
 * utils/other.py ({@code get_pattern_key}).
 */
final class LoraConfig {

    static final String FILE = "adapter_config.json";

    /** Options that do not change what a finished adapter computes, or that {@link #refuseUnknown} looks at itself. */
    private static final Set<String> HARMLESS = Set.of("auto_mapping", "base_model_name_or_path", "peft_version",
            "revision", "task_type", "inference_mode", "lora_dropout", "megatron_core", "qalora_group_size",
            "loftq_config",
            "eva_config", "corda_config", "lora_ga_config", "runtime_config");
    private static final Set<String> HONOURED = Set.of("peft_type", "r", "lora_alpha", "use_rslora", "rank_pattern",
            "alpha_pattern", "fan_in_fan_out", "bias", "target_modules", "exclude_modules", "modules_to_save",
            "layers_to_transform", "layers_pattern", "init_lora_weights");
    /** Initialisations that leave the base weights as they were; the others change them before training. */
    private static final Set<String> HARMLESS_INIT = Set.of("true", "false", "gaussian", "orthogonal", "eva");

    private static final Set<String> EMBEDDINGS = Set.of("word_embeddings", "embed_tokens", "lm_head", "decoder");

    private static final JsonMapper JSON = JsonMapper
            .builder(JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    /** A list of module names, of which a path must end with one, or one expression that must match all of it. */
    private record Modules(List<String> names, Pattern pattern) {

        boolean match(String module) {
            if (pattern != null) {
                return pattern.matcher(module).matches();
            }
            return names.stream().anyMatch(name -> module.equals(name) || module.endsWith("." + name));
        }
    }

    /** The value for modules whose path ends with what the pattern matches. */
    private record PatternValue(Pattern pattern, double value) {}

    private final Path file;
    private final JsonNode root;
    private final int rank;
    private final double alpha;
    private final boolean rankStabilised;
    private final boolean fanInFanOut;
    private final String bias;
    private final Modules targets;
    private final Modules excluded;
    private final List<String> modulesToSave;
    private final List<Integer> layers;
    private final List<Pattern> layerPatterns;
    private final List<PatternValue> ranks;
    private final List<PatternValue> alphas;

    private LoraConfig(Path file, JsonNode root) {
        this.file = file;
        this.root = root;
        refuseUnknown();
        rank = rank("r", number("r", root.path("r"), 8));
        alpha = number("lora_alpha", root.path("lora_alpha"), 8);
        rankStabilised = flag("use_rslora");
        fanInFanOut = flag("fan_in_fan_out");
        bias = root.path("bias").asText("none");
        if (!Set.of("none", "all", "lora_only").contains(bias)) {
            throw bad("bias must be none, all or lora_only but is " + root.path("bias"));
        }
        targets = modules("target_modules");
        excluded = modules("exclude_modules");
        modulesToSave = modulesToSave();
        layers = layers();
        layerPatterns = layerPatterns();
        ranks = overrides("rank_pattern");
        alphas = overrides("alpha_pattern");
        ranks.forEach(entry -> rank("rank_pattern", entry.value()));
        if (layers != null && targets != null && targets.pattern() != null) {
            throw bad("layers_to_transform needs a list of target_modules, not a regular expression");
        }
    }

    /**
     * Reads {@code adapter_config.json}.
     *
     * @throws SafetensorsException {@code NOT_FOUND}, {@code BAD_ADAPTER_CONFIG}; {@code UNSUPPORTED_ADAPTER} naming the
     *         option that is not implemented
     */
    static LoraConfig read(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            if (!root.isObject()) {
                throw new SafetensorsException(Reason.BAD_ADAPTER_CONFIG, file + " must hold a JSON object");
            }
            return new LoraConfig(file, root);
        } catch (NoSuchFileException e) {
            throw new SafetensorsException(Reason.NOT_FOUND, directory + " has no " + FILE
                    + "; give the directory that PEFT's save_pretrained wrote", e);
        } catch (IOException e) {
            throw new SafetensorsException(Reason.BAD_ADAPTER_CONFIG,
                    file + " cannot be read as JSON: " + e.getMessage(),
                    e);
        }
    }

    private void refuseUnknown() {
        String type = root.path("peft_type").asText("");
        if (!type.equals("LORA")) {
            throw unsupported("peft_type " + (type.isEmpty() ? "(absent)" : type) + "; only LORA can be merged");
        }
        String init = root.path("init_lora_weights").asText("true");
        if (!HARMLESS_INIT.contains(init)) {
            throw unsupported("init_lora_weights '" + init + "', which changes the base weights; save it again with"
                    + " PEFT's save_pretrained(path_initial_model_for_weight_conversion=...)");
        }
        root.properties().forEach(entry -> {
            if (!HARMLESS.contains(entry.getKey()) && !HONOURED.contains(entry.getKey()) && isSet(entry.getValue())) {
                throw unsupported(
                        entry.getKey() + " (" + entry.getValue() + "); merge it with PEFT's merge_and_unload");
            }
        });
    }

    private static boolean isSet(JsonNode value) {
        boolean empty = value.isMissingNode() || value.isNull() || (value.isContainerNode() && value.isEmpty());
        return !empty && !value.equals(BooleanNode.FALSE) && !value.equals(TextNode.valueOf(""));
    }

    private double number(String option, JsonNode value, double absent) {
        if (value.isMissingNode()) {
            return absent;
        }
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw bad(option + " must be a number but is " + value);
        }
        return value.doubleValue();
    }

    private int rank(String option, double value) {
        if (value < 1 || value != Math.rint(value) || value > Integer.MAX_VALUE) {
            throw bad(option + " must hold whole numbers from 1 but holds " + value);
        }
        return (int) value;
    }

    private boolean flag(String option) {
        JsonNode value = root.path(option);
        if (!value.isBoolean() && !value.isMissingNode() && !value.isNull()) {
            throw bad(option + " must be true or false but is " + value);
        }
        return value.asBoolean(false);
    }

    private Modules modules(String option) {
        JsonNode value = root.path(option);
        if (!isSet(value) || value.asText().equals("all-linear")) {
            return null;
        }
        return value.isTextual()
                ? new Modules(List.of(), pattern(option, value.textValue()))
                : new Modules(texts(option, value), null);
    }

    private List<String> texts(String option, JsonNode value) {
        if (value.isTextual()) {
            return List.of(value.textValue());
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : value) {
            if (!element.isTextual()) {
                throw bad(option + " must hold names but holds " + element);
            }
            texts.add(element.textValue());
        }
        return texts;
    }

    /** What PEFT calls the task the adapter was trained for, such as {@code QUESTION_ANS}; empty where it is not said. */
    String taskType() {
        return root.path("task_type").asText("");
    }

    /** With the heads that PEFT saves for a task even when the config does not name them. */
    private List<String> modulesToSave() {
        List<String> names = new ArrayList<>(texts("modules_to_save", root.path("modules_to_save")));
        switch (root.path("task_type").asText("")) {
            case "SEQ_CLS", "TOKEN_CLS" -> names.addAll(List.of("classifier", "score"));
            case "QUESTION_ANS" -> names.add("qa_outputs");
            default -> {
            }
        }
        return List.copyOf(names);
    }

    private List<Integer> layers() {
        JsonNode value = root.path("layers_to_transform");
        if (!isSet(value)) {
            return null;
        }
        List<Integer> indices = new ArrayList<>();
        for (JsonNode element : value.isArray() ? value : List.of(value)) {
            if (!element.canConvertToExactIntegral()) {
                throw bad("layers_to_transform must hold layer numbers but holds " + element);
            }
            indices.add(element.intValue());
        }
        return indices;
    }

    private List<Pattern> layerPatterns() {
        List<String> names = texts("layers_pattern", root.path("layers_pattern"));
        if (names.isEmpty()) {
            return List.of(Pattern.compile(".*?\\.[^.]*\\.(?<idx>\\d+)\\."));
        }
        return names.stream().map(name -> pattern("layers_pattern", "(?:^|.*?\\.)" + name + "\\.(?<idx>\\d+)\\."))
                .toList();
    }

    private List<PatternValue> overrides(String option) {
        Map<String, PatternValue> overrides = new LinkedHashMap<>();
        root.path(option).properties().forEach(entry -> overrides.put(entry.getKey(),
                new PatternValue(pattern(option, "(.*\\.)?(" + entry.getKey() + ")$"),
                        number(option + " '" + entry.getKey() + "'", entry.getValue(), 0))));
        return List.copyOf(overrides.values());
    }

    private Pattern pattern(String option, String python) {
        try {
            return PythonRegex.compile(python);
        } catch (PatternSyntaxException e) {
            throw new SafetensorsException(Reason.BAD_ADAPTER_CONFIG,
                    file + ": the regular expression '" + python + "' of "
                            + option + " does not compile in Java: " + e.getDescription(),
                    e);
        }
    }

    /** Whether PEFT puts LoRA on this module. */
    boolean targets(String module) {
        if ((excluded != null && excluded.match(module)) || savesInstead(module)) {
            return false;
        }
        if (targets == null || targets.names().contains(module)) {
            return true;
        }
        return targets.match(module) && (layers == null || layers.contains(layer(module)));
    }

    /** Whether {@link #targets} is an answer and not the absence of a list. */
    boolean namesTargets() {
        return targets != null;
    }

    private int layer(String module) {
        for (Pattern pattern : layerPatterns) {
            Matcher matcher = pattern.matcher(module);
            if (matcher.lookingAt()) {
                return Integer.parseInt(matcher.group("idx"));
            }
        }
        return -1;
    }

    private boolean savesInstead(String module) {
        return modulesToSave.stream().anyMatch(name -> ("." + module + ".").contains("." + name + "."));
    }

    /** Whether a tensor that is no LoRA factor may be in the adapter under this name. */
    boolean savesWhole(String tensor) {
        int dot = tensor.lastIndexOf('.');
        String module = dot < 0 ? "" : tensor.substring(0, dot);
        // PEFT saves embeddings whose vocabulary was extended although no option names them.
        if (EMBEDDINGS.contains(module.substring(module.lastIndexOf('.') + 1))) {
            return true;
        }
        if (tensor.endsWith(".bias") && (bias.equals("all") || (bias.equals("lora_only") && targets(module)))) {
            return true;
        }
        for (String path = module; !path
                .isEmpty(); path = path.contains(".") ? path.substring(0, path.lastIndexOf('.')) : "") {
            if (modulesToSave.stream().anyMatch(path::endsWith)) {
                return true;
            }
        }
        return false;
    }

    /** The rank of the factors of a module. */
    int rank(String module) {
        return (int) first(ranks, module, rank);
    }

    /** What B·A is multiplied by: alpha / r, or alpha / sqrt(r) with {@code use_rslora}. */
    double scale(String module) {
        double r = rank(module);
        return first(alphas, module, alpha) / (rankStabilised ? Math.sqrt(r) : r);
    }

    private static double first(List<PatternValue> overrides, String module, double otherwise) {
        return overrides.stream().filter(override -> override.pattern().matcher(module).lookingAt()).findFirst()
                .map(PatternValue::value).orElse(otherwise);
    }

    /** Whether the config says that weights are stored as (in, out). */
    boolean fanInFanOut() {
        return fanInFanOut;
    }

    private SafetensorsException bad(String what) {
        return new SafetensorsException(Reason.BAD_ADAPTER_CONFIG, file + ": " + what);
    }

    private SafetensorsException unsupported(String what) {
        return new SafetensorsException(Reason.UNSUPPORTED_ADAPTER, file + " uses " + what);
    }
}
