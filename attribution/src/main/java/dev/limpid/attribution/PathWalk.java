package dev.limpid.attribution;

import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Takes points of many paths through a network, whole rows of several paths at once, and gives the gradients of each to the sums of its targets: these share the forward
 * pass, and the first targets of all paths share a backward pass, and so do the second.
 */
final class PathWalk {
    private static final double[] ENDS = {0, 1};

    private final PackedModel model;
    private final Progress progress;
    private final Workspace ws;
    private final Chunks chunks;
    private long done; // passes

    /** @param ws for the passes, emptied before each chunk */
    PathWalk(PackedModel model, RunOptions options, Workspace ws) {
        this.model = model;
        this.progress = options.progress();
        this.ws = ws;
        this.chunks = new Chunks(model.ops(), options);
    }

    /** Nodes {@code from} to {@code to} (exclusive) of a path, as part of a chunk; {@code token} and {@code logit} are where its tokens and logits begin there. */
    private record Part(OpenPath path, int from, int to, int token, int logit) {
        int rows() {
            return to - from;
        }

        int tokens() {
            return rows() * path.tokens();
        }

        /** The part's own (rows, T, columns) of what all tokens have. */
        Tensor of(Tensor x, int columns) {
            return x.reshape(Math.toIntExact(x.size() / columns), columns).rows(token, token + tokens())
                    .reshape(rows(), path.tokens(), columns);
        }
    }

    /** A chunk's way through the network. */
    private record Forward(List<Part> parts, PathModel.Pass pass, double[] logits) {}

    /** Finds F at both ends of each path, which the nodes of most rules do not contain. */
    void visitEnds(List<OpenPath> paths) {
        chunks.run(bytes(paths, ENDS.length), List.of(ws), (from, to) -> {
            Forward forward = forward(parts(paths, ENDS.length, from, to), ENDS, 0);
            for (Part part : forward.parts) {
                int perRow = model.logitsPerRow(part.path.index);
                for (int row = 0; row < part.rows(); row++) {
                    int at = part.logit + row * perRow;
                    part.path.end(part.from + row == 1, Arrays.copyOfRange(forward.logits, at, at + perRow));
                }
            }
        });
    }

    /**
     * Goes to the same nodes of each path, for its open targets.
     *
     * @param alphas of the nodes
     * @param visited their first one's number: all before it have been visited
     */
    void visit(List<OpenPath> paths, double[] alphas, int visited) {
        // Paths with as many targets stand together, so that few rows go backward without need.
        List<OpenPath> order = paths.stream()
                .sorted(Comparator.comparingInt((OpenPath path) -> path.open.size()).reversed()).toList();
        long[] passes = passesBefore(order, alphas.length);
        long total = done + passes[passes.length - 1];
        chunks.run(bytes(order, alphas.length), List.of(ws), (from, to) -> {
            Forward forward = forward(parts(order, alphas.length, from, to), alphas, visited);
            long chunkDone = done + passes[from] + (to - from);
            progress.update(chunkDone, total);
            int targets = forward.parts.stream().mapToInt(part -> part.path.open.size()).max().orElseThrow();
            for (int t = 0; t < targets; t++) {
                chunkDone += backward(forward, t);
                progress.update(chunkDone, total);
            }
        });
        done = total;
    }

    private long[] bytes(List<OpenPath> paths, int nodes) {
        long[] bytes = new long[paths.size() * nodes];
        Arrays.setAll(bytes, i -> model.bytesPerRow(paths.get(i / nodes).index));
        return bytes;
    }

    /** How many rows go forward or backward before each, and in all. */
    private static long[] passesBefore(List<OpenPath> paths, int nodes) {
        long[] before = new long[paths.size() * nodes + 1];
        for (int i = 1; i < before.length; i++) {
            before[i] = before[i - 1] + 1 + paths.get((i - 1) / nodes).open.size();
        }
        return before;
    }

    /** Rows {@code from} to {@code to} of all, path after path. */
    private List<Part> parts(List<OpenPath> paths, int nodes, int from, int to) {
        List<Part> parts = new ArrayList<>();
        int token = 0;
        int logit = 0;
        for (int row = from; row < to;) {
            OpenPath path = paths.get(row / nodes);
            int end = Math.min(to, (row / nodes + 1) * nodes);
            Part part = new Part(path, row % nodes, row % nodes + end - row, token, logit);
            parts.add(part);
            token += part.tokens();
            logit += part.rows() * model.logitsPerRow(path.index);
            row = end;
        }
        return parts;
    }

    /** The forward pass of parts, whose nodes are numbered on from {@code visited} afterwards. */
    private Forward forward(List<Part> parts, double[] alphas, int visited) {
        int columns = parts.getFirst().path.columns();
        int tokens = parts.stream().mapToInt(Part::tokens).reduce(0, Math::addExact);
        Tensor points = ws.tensor(1, tokens, columns);
        for (Part part : parts) {
            part.path.points(model.ops(), Arrays.copyOfRange(alphas, part.from, part.to), part.of(points, columns));
        }
        PathModel.Pass pass = model.forward(ws, points,
                parts.stream().map(part -> new PackedModel.Rows(part.path.index, part.rows())).toList());
        List<Part> numbered = parts.stream().map(part -> new Part(part.path, visited + part.from, visited + part.to,
                part.token, part.logit)).toList();
        return new Forward(numbered, pass, model.ops().download(pass.logits()));
    }

    /**
     * The backward pass of the open targets number {@code t} of all parts that have one.
     *
     * @return how many rows these are
     */
    private int backward(Forward forward, int t) {
        Ops ops = model.ops();
        List<Part> parts = forward.parts.stream().filter(part -> t < part.path.open.size()).toList();
        double[] dLogits = new double[forward.logits.length];
        for (Part part : parts) {
            PathSum sum = part.path.open.get(t);
            TargetRows.evaluate(sum.target, forward.logits, dLogits, part.logit,
                    model.logitsPerRow(part.path.index), sum.scores, part.from, part.to);
        }
        Tensor dPoints = forward.pass.backward(ws, dLogits);
        int columns = parts.getFirst().path.columns();
        Tensor totals = ws.exact(Math.toIntExact(dPoints.size() / columns), 1);
        for (Part part : parts) {
            ops.tokenTotals(part.of(dPoints, columns), part.path.difference,
                    part.of(totals, 1).reshape(part.rows(), part.path.tokens()));
        }
        double[] all = ops.download(totals);
        for (Part part : parts) {
            part.path.open.get(t).add(part.of(dPoints, columns),
                    Arrays.copyOfRange(all, part.token, part.token + part.tokens()), part.from);
        }
        ws.release(totals);
        ws.release(dPoints);
        return parts.stream().mapToInt(Part::rows).sum();
    }
}
