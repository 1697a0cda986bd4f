package dev.limpid.safetensors;

import dev.limpid.safetensors.SafetensorsException.Reason;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What a model loader reads its weights from: names nest by prefix, shapes are checked, NaN is refused, and what nobody
 * asked for is known at the end.
 *
 * <p>All views made from one instance share the record of what was read. Thread-safe.
 */
public final class Weights {

    private final TensorSource source;
    private final String prefix;
    private final Function<String, List<String>> candidates;
    private final Set<String> used;

    private Weights(TensorSource source, String prefix, Function<String, List<String>> candidates, Set<String> used) {
        this.source = source;
        this.prefix = prefix;
        this.candidates = candidates;
        this.used = used;
    }

    /** All tensors under their own names. */
    public static Weights of(TensorSource source) {
        return new Weights(source, "", List::of, ConcurrentHashMap.newKeySet());
    }

    /**
     * A view in which a model's name for a tensor may be spelled differently in the checkpoint.
     *
     * @param candidates maps the model's full name to the names to try, best first; it must include the name itself
     *        where that is allowed
     */
    public Weights renamed(Function<String, List<String>> candidates) {
        return new Weights(source, prefix, candidates, used);
    }

    /** A view in which {@code name} means {@code part.name}. */
    public Weights at(String part) {
        return new Weights(source, full(part) + ".", candidates, used);
    }

    /** Whether the checkpoint has this tensor under any of its names. */
    public boolean has(String name) {
        return resolve(full(name)).isPresent();
    }

    /**
     * The element type and shape of a tensor, under the checkpoint's own name for it.
     *
     * @throws SafetensorsException {@code NO_SUCH_TENSOR}
     */
    public TensorInfo info(String name) {
        return source.info(required(full(name)));
    }

    /**
     * A tensor as F32, checked.
     *
     * @param shape what the model needs; none for a scalar
     * @throws SafetensorsException {@code NO_SUCH_TENSOR}, {@code WRONG_SHAPE}, {@code WRONG_DTYPE}, {@code NOT_FINITE}
     */
    public float[] floats(String name, long... shape) {
        String actual = required(full(name));
        TensorInfo info = source.info(actual);
        if (!info.hasShape(shape)) {
            throw new SafetensorsException(Reason.WRONG_SHAPE,
                    source.fileOf(actual) + ": tensor '" + actual + "' has the shape "
                            + TensorInfo.shapeText(info.shape()) + ", but the model's config asks for "
                            + TensorInfo.shapeText(shape));
        }
        float[] values = source.floats(actual);
        requireFinite(actual, values);
        used.add(actual);
        return values;
    }

    /** The checkpoint's tensors that no view has read, in its order. */
    public List<String> unused() {
        return source.names().stream().filter(name -> !used.contains(name)).toList();
    }

    private void requireFinite(String name, float[] values) {
        // The bits of NaN and infinity are the largest there are; a maximum vectorises, a test that leaves the loop does not.
        int largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Float.floatToRawIntBits(value) & 0x7fffffff);
        }
        if (Float.isFinite(Float.intBitsToFloat(largest))) {
            return;
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new SafetensorsException(Reason.NOT_FINITE, source.fileOf(name) + ": tensor '" + name
                        + "' holds " + values[i] + " at element " + i
                        + "; a model with such a weight computes nothing");
            }
        }
    }

    private String full(String name) {
        return prefix + name;
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
