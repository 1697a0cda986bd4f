package dev.limpid.attribution;

import dev.limpid.tensor.Activation;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Shape;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.Arrays;
import java.util.Random;

/** Networks small enough to be computed by hand, and features before them. */
public final class Toy {
    static final int TOKENS = 3;
    static final int COLUMNS = 2;
    /** An image of 2 channels, 3 rows and 2 columns. */
    public static final Shape IMAGE = Shape.of(2, 3, 2);
    private static final int POINTS = TOKENS * COLUMNS;
    private static final float[] WEIGHT = {1, -2, 3, 0.5f, 4, -1, 0, 1, 0, 2, 0, -3};
    private static final float[] BIAS = {0.25f, -1};

    private Toy() {}

    /** Two logits of a row: {@code weight·f(row) + bias}, f element-wise, or absent if null. */
    public static PathModel network(Ops ops, Activation f) {
        return new Network(ops, ops.tensor(Shape.of(2, POINTS), WEIGHT), ops.tensor(Shape.of(2), BIAS), f);
    }

    /** That network behind an affine map of {@link #IMAGE} whose elements are normal, with a bias. */
    public static Space space(Ops ops, Activation f, long seed) {
        Random random = new Random(seed);
        float[] map = new float[POINTS * 12];
        float[] shift = new float[POINTS];
        for (int i = 0; i < map.length; i++) {
            map[i] = (float) (random.nextGaussian() / 4);
        }
        for (int i = 0; i < shift.length; i++) {
            shift[i] = (float) random.nextGaussian();
        }
        return new Space(network(ops, f), IMAGE, ops.tensor(Shape.of(POINTS, 12), map),
                ops.tensor(Shape.of(POINTS), shift));
    }

    /** Features that are the points of the network. */
    public static Space identity(Ops ops, Activation f) {
        float[] map = new float[POINTS * POINTS];
        for (int i = 0; i < POINTS; i++) {
            map[i * POINTS + i] = 1;
        }
        return new Space(network(ops, f), Shape.of(TOKENS, COLUMNS), ops.tensor(Shape.of(POINTS, POINTS), map), null);
    }

    /** Normal numbers that a float holds exactly. */
    public static double[] random(long seed, int size) {
        Random random = new Random(seed);
        double[] x = new double[size];
        Arrays.setAll(x, _ -> (float) random.nextGaussian());
        return x;
    }

    /** F of features, one row, without any method. */
    public static double evaluate(FeatureSpace space, Target target, double[] features) {
        try (Workspace ws = space.model().ops().workspace()) {
            double[] logits = ws.ops().download(space.model().forward(ws, space.points(ws, features)).logits());
            return target.evaluate(logits, new double[logits.length]);
        }
    }

    /** {@code ∂F/∂features} by central differences. */
    static double[] differences(FeatureSpace space, Target target, double[] features) {
        double h = 1e-5;
        double[] gradient = new double[features.length];
        for (int i = 0; i < gradient.length; i++) {
            double[] up = features.clone();
            double[] down = features.clone();
            up[i] += h;
            down[i] -= h;
            gradient[i] = (evaluate(space, target, up) - evaluate(space, target, down)) / (2 * h);
        }
        return gradient;
    }

    /** Features in front of a network by {@code map·features + shift}. */
    public record Space(PathModel model, Shape shape, Tensor map, Tensor shift) implements FeatureSpace {
        @Override
        public Tensor points(Workspace ws, double[]... features) {
            Tensor x = ws.tensor(features.length, Math.toIntExact(shape.size()));
            ws.ops().upload(Arrays.stream(features).flatMapToDouble(Arrays::stream).toArray(), x);
            Tensor points = ws.tensor(features.length, POINTS);
            ws.ops().linear(x, map, shift, points);
            return points.reshape(features.length, TOKENS, COLUMNS);
        }

        @Override
        public double[][] backward(Workspace ws, Tensor dPoints) {
            int rows = dPoints.shape().dim(0);
            int size = Math.toIntExact(shape.size());
            Tensor dX = ws.tensor(rows, size);
            ws.ops().linearBackwardInput(dPoints.reshape(rows, POINTS), map, false, dX);
            double[] all = ws.ops().download(dX);
            double[][] gradients = new double[rows][];
            Arrays.setAll(gradients, k -> Arrays.copyOfRange(all, k * size, (k + 1) * size));
            return gradients;
        }
    }

    private record Network(Ops ops, Tensor weight, Tensor bias, Activation f) implements PathModel {
        @Override
        public int logitsPerRow() {
            return 2;
        }

        @Override
        public long bytesPerRow() {
            return 100;
        }

        @Override
        public Pass forward(Workspace ws, Tensor points) {
            int rows = points.shape().dim(0);
            Tensor x = points.reshape(rows, POINTS);
            Tensor active = ws.tensor(rows, POINTS);
            if (f == null) {
                ops.copy(x, active);
            } else {
                ops.activation(f, x, active);
            }
            Tensor logits = ws.tensor(rows, 2);
            ops.linear(active, weight, bias, logits);
            return new Pass() {
                @Override
                public Tensor logits() {
                    return logits;
                }

                @Override
                public Tensor backward(Workspace workspace, Tensor dLogits) {
                    Tensor dX = workspace.tensor(rows, POINTS);
                    ops.linearBackwardInput(dLogits, weight, false, dX);
                    if (f != null) {
                        ops.activationBackwardInput(f, dX, x, dX);
                    }
                    return dX.reshape(rows, TOKENS, COLUMNS);
                }
            };
        }
    }
}
