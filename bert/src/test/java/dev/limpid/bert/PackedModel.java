package dev.limpid.bert;

import dev.limpid.safetensors.Checkpoint;
import dev.limpid.safetensors.Weights;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A committed checkpoint, and random groups of rows that can be taken through it packed or one after the other. */
final class PackedModel {
    private final BertModel model;
    private final List<Packing.Group> groups = new ArrayList<>();
    private final List<double[]> points = new ArrayList<>();
    private final long seed;

    /** What a pass gives of each group: logits and gradient. */
    record Found(double[] logits, double[] gradient) {}

    /** @param name of the checkpoint, or {@code mean} or {@code cls} for an embedding model */
    PackedModel(String name, Ops ops, long seed) {
        boolean pooled = name.equals("mean") || name.equals("cls");
        String checkpointName = pooled ? "sequence-2" : name;
        try (Golden golden = new Golden(checkpointName);
                Checkpoint checkpoint = Checkpoint.open(golden.directory())) {
            BertConfig config = golden.config();
            BertModel loaded = BertLoader.load(config, pooled ? "BertModel" : config.architecture(),
                    Weights.of(checkpoint), ops).model();
            model = pooled ? loaded.pooled(name.equals("mean") ? Pooling.MEAN : Pooling.CLS) : loaded;
        }
        this.seed = seed;
        Random random = new Random(seed);
        for (int g = 0; g < 4; g++) {
            int length = 1 + random.nextInt(9);
            int rows = 1 + random.nextInt(3);
            int[] tokens = g % 2 == 0 ? null : new int[]{random.nextInt(length), random.nextInt(length)};
            groups.add(new Packing.Group(rows, length, tokens));
            points.add(random.doubles((long) rows * length * model.config().hiddenSize()).map(x -> 2 * x - 1)
                    .toArray());
        }
    }

    BertModel model() {
        return model;
    }

    /** All groups in one tensor. */
    List<Found> together(EmbeddingPoint point) {
        double[] all = points.stream().flatMapToDouble(Arrays::stream).toArray();
        List<Found> found = new ArrayList<>();
        Found packed = run(point, new Packing(groups), all, all.length / model.config().hiddenSize());
        int logit = 0;
        int element = 0;
        for (int g = 0; g < groups.size(); g++) {
            int logits = groups.get(g).rows() * model.head().logitsPerRow(groups.get(g).wanted());
            int elements = points.get(g).length;
            found.add(new Found(Arrays.copyOfRange(packed.logits(), logit, logit + logits),
                    Arrays.copyOfRange(packed.gradient(), element, element + elements)));
            logit += logits;
            element += elements;
        }
        return found;
    }

    /** Each group by itself. */
    List<Found> oneByOne(EmbeddingPoint point) {
        List<Found> found = new ArrayList<>();
        for (int g = 0; g < groups.size(); g++) {
            found.add(run(point, new Packing(List.of(groups.get(g))), points.get(g), groups.get(g).length()));
        }
        return found;
    }

    private Found run(EmbeddingPoint point, Packing packing, double[] values, int length) {
        int columns = model.config().hiddenSize();
        try (Workspace ws = model.ops().workspace()) {
            Tensor x = ws.tensor(values.length / columns / length, length, columns);
            ws.ops().upload(values, x);
            BertModel.Pass pass = model.forwardPacked(ws, point, x, packing);
            double[] logits = ws.ops().download(pass.logits());
            // Of a logit's place in its group and nothing else, so that both ways of going have the same.
            int[] dims = new int[pass.logits().shape().rank()];
            Arrays.setAll(dims, pass.logits().shape()::dim);
            double[] d = packing.groups().stream().flatMapToDouble(group -> new Random(seed + group.length()).doubles(
                    (long) group.rows() * model.head().logitsPerRow(group.wanted()))).toArray();
            Tensor dLogits = ws.tensor(dims);
            ws.ops().upload(d, dLogits);
            return new Found(logits, ws.ops().download(model.backwardTo(ws, dLogits, pass)));
        }
    }
}
