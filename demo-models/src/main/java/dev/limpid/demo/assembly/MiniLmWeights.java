package dev.limpid.demo.assembly;

import dev.limpid.demo.assembly.OnnxGraph.Initialiser;
import dev.limpid.demo.assembly.OnnxGraph.Node;
import dev.limpid.safetensors.SafetensorsWriter;
import dev.limpid.tensor.DType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives the weights of all-MiniLM-L6-v2's ONNX export the names and shapes that a BERT encoder of Hugging Face has.
 *
 * <p>The export kept the names of biases, embeddings and layer norms; the 36 matrices are anonymous and stored as
 * (in, out). A matrix is named by its MatMul: what this writes goes into an Add whose other input is a named bias.
 */
final class MiniLmWeights {

    private static final int LAYERS = 6;
    private static final long C = 384;
    private static final long INTERMEDIATE = 1536;
    private static final long V = 30522;
    private static final long POSITIONS = 512;
    private static final String ANONYMOUS = "onnx::";
    private static final String BIAS = ".bias";

    private final OnnxGraph graph;
    private final Map<String, Initialiser> named = new LinkedHashMap<>();
    private final Map<String, Initialiser> transposed = new LinkedHashMap<>();

    MiniLmWeights(OnnxGraph graph) {
        this.graph = graph;
        graph.initialisers().values().stream().filter(tensor -> !tensor.name().startsWith(ANONYMOUS))
                .forEach(tensor -> named.put(tensor.name(), tensor));
        graph.nodes().stream().filter(node -> node.operation().equals("MatMul")).forEach(this::nameMatrix);
    }

    private void nameMatrix(Node product) {
        Initialiser matrix = graph.initialisers().get(product.inputs().get(1));
        if (matrix == null) {
            return; // a product of two activations
        }
        String output = product.outputs().getFirst();
        Optional<String> bias = graph.nodes().stream()
                .filter(node -> node.operation().equals("Add") && node.inputs().contains(output))
                .flatMap(node -> node.inputs().stream()).filter(name -> named.containsKey(name) && name.endsWith(BIAS))
                .findFirst();
        String name = bias.orElseThrow(() -> new IllegalStateException("no named bias follows " + matrix.name()));
        String weight = name.substring(0, name.length() - BIAS.length()) + ".weight";
        if (transposed.put(weight, matrix) != null) {
            throw new IllegalStateException("two matrices are named " + weight);
        }
    }

    /** Adds all 101 tensors as F16, after checking that exactly these exist with exactly these shapes. */
    void addTo(SafetensorsWriter writer) {
        Map<String, List<Long>> expected = expectedShapes();
        int found = transposed.size();
        for (Map.Entry<String, List<Long>> entry : expected.entrySet()) {
            String name = entry.getKey();
            long[] shape = entry.getValue().stream().mapToLong(Long::longValue).toArray();
            Initialiser matrix = transposed.get(name);
            float[] values;
            if (matrix != null) {
                requireShape(name, matrix, entry.getValue().reversed());
                values = transpose(matrix.floats(), (int) shape[0], (int) shape[1]);
            } else {
                Initialiser tensor = named.get(name);
                requireShape(name, tensor, entry.getValue());
                values = tensor.floats();
                found++;
            }
            writer.floats(name, DType.F16, values, shape);
        }
        // The only other initialiser counts positions, which the model does by itself.
        boolean complete = found == expected.size() && named.containsKey("embeddings.position_ids")
                && graph.initialisers().size() == found + 1;
        if (!complete) {
            throw new IllegalStateException("the ONNX file holds " + graph.initialisers().size()
                    + " initialisers, of which " + found + " were expected: " + graph.initialisers().keySet());
        }
    }

    private static void requireShape(String name, Initialiser tensor, List<Long> shape) {
        if (tensor == null || !tensor.shape().equals(shape)) {
            throw new IllegalStateException(
                    name + " must have the shape " + shape + " but is " + (tensor == null ? "absent" : tensor.shape()));
        }
    }

    private static float[] transpose(float[] inOut, int out, int in) {
        float[] result = new float[inOut.length];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                result[o * in + i] = inOut[i * out + o];
            }
        }
        return result;
    }

    /** A BERT encoder without pooler: the names of transformers' BertModel. */
    static Map<String, List<Long>> expectedShapes() {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        shapes.put("embeddings.word_embeddings.weight", List.of(V, C));
        shapes.put("embeddings.position_embeddings.weight", List.of(POSITIONS, C));
        shapes.put("embeddings.token_type_embeddings.weight", List.of(2L, C));
        putNorm(shapes, "embeddings.LayerNorm");
        for (int layer = 0; layer < LAYERS; layer++) {
            String prefix = "encoder.layer." + layer;
            for (String part : List.of("self.query", "self.key", "self.value", "output.dense")) {
                putLinear(shapes, prefix + ".attention." + part, C, C);
            }
            putNorm(shapes, prefix + ".attention.output.LayerNorm");
            putLinear(shapes, prefix + ".intermediate.dense", INTERMEDIATE, C);
            putLinear(shapes, prefix + ".output.dense", C, INTERMEDIATE);
            putNorm(shapes, prefix + ".output.LayerNorm");
        }
        return shapes;
    }

    private static void putLinear(Map<String, List<Long>> shapes, String name, long out, long in) {
        shapes.put(name + ".weight", List.of(out, in));
        shapes.put(name + BIAS, List.of(out));
    }

    private static void putNorm(Map<String, List<Long>> shapes, String name) {
        shapes.put(name + ".weight", List.of(C));
        shapes.put(name + BIAS, List.of(C));
    }
}
