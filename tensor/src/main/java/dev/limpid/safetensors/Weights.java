package dev.limpid.safetensors;

import dev.limpid.safetensors.SafetensorsException.Reason;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a model loader reads its weights from: names nest by prefix, shapes are checked, NaN is refused, and what nobody
 * asked for is known at the end.
 *
 * <p>All views made from one instance share the record of what was read. Thread-safe.
 */
public final class Weights {
    private static final int CHUNK = 4096;

    private final TensorSource source;
    private final String prefix;
    private final Function<String, List<String>> candidates;
    private final LoraAdapter adapter;
    private final Set<String> used;
    private final Set<String> usedOfAdapter;

    private Weights(TensorSource source, String prefix, Function<String, List<String>> candidates, LoraAdapter adapter,
            Set<String> used, Set<String> usedOfAdapter) {
        this.source = source;
        this.prefix = prefix;
        this.candidates = candidates;
        this.adapter = adapter;
        this.used = used;
        this.usedOfAdapter = usedOfAdapter;
    }

    /** All tensors under their own names. */
    public static Weights of(TensorSource source) {
        return new Weights(source, "", List::of, null, ConcurrentHashMap.newKeySet(), ConcurrentHashMap.newKeySet());
    }

    /**
     * A view in which a model's name for a tensor may be spelled differently in the checkpoint.
     *
     * @param candidates maps the model's full name to the names to try, best first; it must include the name itself
     *        where that is allowed
     */
    public Weights renamed(Function<String, List<String>> candidates) {
        return new Weights(source, prefix, candidates, adapter, used, usedOfAdapter);
    }

    /**
     * A view in which an adapter is merged into every weight that is read.
     *
     * <p>The adapter's names are the model's, or any of the candidates of {@link #renamed}. Call
     * {@link #requireAdapterUsed} when the model is complete. The adapter must stay open until then.
     */
    public Weights adapted(LoraAdapter lora) {
        return new Weights(source, prefix, candidates, lora, used, usedOfAdapter);
    }

    /** A view in which {@code name} means {@code part.name}. */
    public Weights at(String part) {
        return new Weights(source, full(part) + ".", candidates, adapter, used, usedOfAdapter);
    }

    /** Whether the checkpoint, or the adapter, has this tensor under any of its names. */
    public boolean has(String name) {
        return replacement(full(name)) != null || resolve(full(name)).isPresent();
    }

    /**
     * The element type and shape of a tensor, under the checkpoint's own name for it.
     *
     * @throws SafetensorsException {@code NO_SUCH_TENSOR}
     */
    public TensorInfo info(String name) {
        String replacement = replacement(full(name));
        return replacement != null ? adapter.info(replacement) : source.info(required(full(name)));
    }

    /**
     * A tensor as F32, checked, with the adapter merged in.
     *
     * @param shape what the model needs; none for a scalar
     * @throws SafetensorsException {@code NO_SUCH_TENSOR}, {@code WRONG_SHAPE}, {@code WRONG_DTYPE}, {@code NOT_FINITE},
     *         {@code ADAPTER_MISMATCH}
     */
    public float[] floats(String name, long... shape) {
        String full = full(name);
        String replacement = replacement(full);
        String actual = replacement == null ? required(full) : replacement;
        Path file = replacement == null ? source.fileOf(actual) : adapter.path();
        TensorInfo info = replacement == null ? source.info(actual) : adapter.info(actual);
        if (!info.hasShape(shape)) {
            throw new SafetensorsException(Reason.WRONG_SHAPE,
                    file + ": tensor '" + actual + "' has the shape " + TensorInfo.shapeText(info.shape())
                            + ", but the model's config asks for " + TensorInfo.shapeText(shape));
        }
        float[] values = replacement == null ? source.floats(actual) : adapter.floats(actual);
        requireFinite(file, actual, values);
        if (adapter != null) {
            merge(full, values, shape);
        }
        if (replacement != null) {
            usedOfAdapter.add(replacement);
        }
        resolve(full).ifPresent(used::add);
        return values;
    }

    private void merge(String full, float[] values, long[] shape) {
        Optional<String> adapted = names(full).filter(name -> !adapter.factorsOf(name).isEmpty()).findFirst();
        if (adapted.isPresent()) {
            adapter.merge(adapted.get(), values, shape, source);
            requireFinite(adapter.path(), full + " (merged)", values);
            usedOfAdapter.addAll(adapter.factorsOf(adapted.get()));
        } else if (shape.length == 2 && names(full).anyMatch(adapter::expects)) {
            throw new SafetensorsException(Reason.ADAPTER_MISMATCH, adapter.path() + " has no LoRA factors for '" + full
                    + "', although its config targets that module; the file is incomplete");
        }
    }

    /** The checkpoint's tensors that no view has read, in its order. */
    public List<String> unused() {
        return source.names().stream().filter(name -> !used.contains(name)).toList();
    }

    /**
     * Checks that every tensor of the adapter went into some weight that was read.
     *
     * @throws SafetensorsException {@code ADAPTER_MISMATCH} naming the first that did not
     */
    public void requireAdapterUsed() {
        List<String> left = adapter == null
                ? List.of()
                : adapter.names().stream().filter(name -> !usedOfAdapter.contains(name)).toList();
        if (!left.isEmpty()) {
            throw new SafetensorsException(Reason.ADAPTER_MISMATCH,
                    adapter.path() + ": tensor '" + left.getFirst() + "'"
                            + (left.size() == 1 ? "" : " and " + (left.size() - 1) + " more")
                            + " changes nothing that this model has; the adapter was made for another model or task");
        }
    }

    private void requireFinite(Path file, String name, float[] values) {
        int largest = 0;
        for (int from = 0; from < values.length; from += CHUNK) {
            largest = Math.max(largest, largestMagnitude(values, from, Math.min(values.length, from + CHUNK)));
        }
        if (Float.isFinite(Float.intBitsToFloat(largest))) {
            return;
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new SafetensorsException(Reason.NOT_FINITE, file + ": tensor '" + name
                        + "' holds " + values[i] + " at element " + i
                        + "; a model with such a weight computes nothing");
            }
        }
    }

    /**
     * The bits of NaN and infinity are the largest there are; a maximum vectorises, a test that leaves the loop does not. A method of its own that is called often is compiled
     * sooner than one long loop.
     */
    private static int largestMagnitude(float[] values, int from, int to) {
        int largest = 0;
        for (int i = from; i < to; i++) {
            largest = Math.max(largest, Float.floatToRawIntBits(values[i]) & 0x7fffffff);
        }
        return largest;
    }

    private String full(String name) {
        return prefix + name;
    }

    private Stream<String> names(String full) {
        return Stream.concat(Stream.of(full), candidates.apply(full).stream());
    }

    private String replacement(String full) {
        return adapter == null
                ? null
                : names(full).map(adapter::replacement).filter(Objects::nonNull).findFirst().orElse(null);
    }

    private Optional<String> resolve(String name) {
        return candidates.apply(name).stream().filter(source::has).findFirst();
    }

    private String required(String name) {
        return resolve(name).orElseThrow(() -> {
            List<String> tried = candidates.apply(name).stream().filter(c -> !c.equals(name)).distinct().toList();
            String other = tried.isEmpty() ? "" : " (nor " + String.join(", ", tried) + ")";
            String file = source.names().isEmpty()
                    ? "the checkpoint"
                    : source.fileOf(source.names().getFirst()).toString();
            return new SafetensorsException(Reason.NO_SUCH_TENSOR,
                    file + ": the model needs the tensor '" + name + "'" + other + ", but the checkpoint lacks it");
        });
    }
}
