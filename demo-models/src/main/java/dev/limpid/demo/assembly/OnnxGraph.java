package dev.limpid.demo.assembly;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The initialisers and nodes of an ONNX model, as far as naming its weights needs them.
 *
 * <p>Field numbers: onnx/onnx.proto3 of ONNX 1.17.
 *
 * @param initialisers the stored tensors by name
 * @param nodes the operations in the file's order
 */
record OnnxGraph(Map<String, Initialiser> initialisers, List<Node> nodes) {

    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALISER = 5;
    private static final int NODE_INPUT = 1;
    private static final int NODE_OUTPUT = 2;
    private static final int NODE_OPERATION = 4;
    private static final int TENSOR_DIMENSIONS = 1;
    private static final int TENSOR_TYPE = 2;
    private static final int TENSOR_NAME = 8;
    private static final int TENSOR_RAW_DATA = 9;
    private static final int TYPE_FLOAT = 1;

    /** A stored tensor; {@code raw} holds its elements in little-endian order. */
    record Initialiser(String name, boolean isFloat, List<Long> shape, ByteBuffer raw) {

        /** The elements, row-major. */
        float[] floats() {
            long elements = shape.stream().reduce(1L, Math::multiplyExact);
            if (!isFloat || raw == null || raw.remaining() != elements * Float.BYTES) {
                throw new IllegalStateException("initialiser " + name + " does not hold " + elements + " raw floats");
            }
            float[] values = new float[Math.toIntExact(elements)];
            raw.duplicate().order(raw.order()).asFloatBuffer().get(values);
            return values;
        }
    }

    /** An operation with the names of the values it reads and writes. */
    record Node(String operation, List<String> inputs, List<String> outputs) {}

    /** Reads a serialised ModelProto. */
    static OnnxGraph read(ByteBuffer model) {
        Map<String, Initialiser> initialisers = new LinkedHashMap<>();
        List<Node> nodes = new ArrayList<>();
        for (ProtobufFields fields = new ProtobufFields(model); fields.next();) {
            if (fields.number() == MODEL_GRAPH) {
                readGraph(fields.bytes(), initialisers, nodes);
            }
        }
        return new OnnxGraph(initialisers, nodes);
    }

    private static void readGraph(ByteBuffer graph, Map<String, Initialiser> initialisers, List<Node> nodes) {
        for (ProtobufFields fields = new ProtobufFields(graph); fields.next();) {
            if (fields.number() == GRAPH_INITIALISER) {
                Initialiser initialiser = initialiser(fields.bytes());
                initialisers.put(initialiser.name(), initialiser);
            } else if (fields.number() == GRAPH_NODE) {
                nodes.add(node(fields.bytes()));
            }
        }
    }

    private static Initialiser initialiser(ByteBuffer tensor) {
        String name = "";
        long type = 0;
        List<Long> shape = new ArrayList<>();
        ByteBuffer raw = null;
        for (ProtobufFields fields = new ProtobufFields(tensor); fields.next();) {
            switch (fields.number()) {
                case TENSOR_DIMENSIONS -> addIntegers(fields, shape);
                case TENSOR_TYPE -> type = fields.integer();
                case TENSOR_NAME -> name = fields.text();
                case TENSOR_RAW_DATA -> raw = fields.bytes();
                default -> {
                }
            }
        }
        return new Initialiser(name, type == TYPE_FLOAT, List.copyOf(shape), raw);
    }

    private static void addIntegers(ProtobufFields fields, List<Long> into) {
        if (!fields.isBlock()) {
            into.add(fields.integer());
            return;
        }
        for (ByteBuffer block = fields.bytes(); block.hasRemaining();) {
            into.add(ProtobufFields.readVarint(block));
        }
    }

    private static Node node(ByteBuffer node) {
        String operation = "";
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        for (ProtobufFields fields = new ProtobufFields(node); fields.next();) {
            switch (fields.number()) {
                case NODE_INPUT -> inputs.add(fields.text());
                case NODE_OUTPUT -> outputs.add(fields.text());
                case NODE_OPERATION -> operation = fields.text();
                default -> {
                }
            }
        }
        return new Node(operation, List.copyOf(inputs), List.copyOf(outputs));
    }
}
