package dev.limpid.bench.explain;

import dev.limpid.attribution.Attribution;
import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Target;
import dev.limpid.attribution.explain.PixelSpace;
import dev.limpid.bench.BenchContext;
import dev.limpid.bench.Benchmark;
import dev.limpid.bench.Table;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import dev.limpid.vit.ViTConfig;
import dev.limpid.vit.ViTModel;
import java.util.List;
import java.util.SplittableRandom;

/** A whole explanation of an image: integrated gradients of every pixel, 50 Gauss–Legendre nodes, the default memory budget. */
public final class ImageBenchmark implements Benchmark {
    private static final int NODES = 50;
    /** Largest |delta|, relative to F(x) − F(x0), that a right answer has. */
    private static final double LARGEST_DELTA = 0.01;

    @Override
    public String name() {
        return "image";
    }

    @Override
    public String description() {
        return "an explanation of an image: the shape of vit-base-patch16-224 with random weights";
    }

    @Override
    public List<Table> run(BenchContext context) {
        PeakMemory memory = new PeakMemory();
        context.tell("image: vit-base shape, random weights");
        try (Ops ops = Device.open("cpu", new DeviceOptions(context.threads()))) {
            ViTModel vit = RandomViT.base(ops);
            PixelSpace space = new PixelSpace(vit);
            double[] pixels = new SplittableRandom(1).doubles(space.shape().size(), -1, 1).toArray();
            IntegratedGradients method = new IntegratedGradients(Quadrature.GAUSS_LEGENDRE, NODES);
            Attribution[] last = new Attribution[1];
            Timing timing = Timing.of(context, () -> last[0] = method.attribute(space, pixels,
                    new double[pixels.length], List.of(Target.logit(281)), RunOptions.DEFAULT).getFirst());
            Timing.requireComplete("vit-base", last[0].delta(), last[0].score() - last[0].baselineScore(),
                    LARGEST_DELTA);
            return List.of(new Table(
                    "explanation of an image, " + NODES + " nodes, F32, " + context.threads() + " threads",
                    List.of("model", "tokens", "first s", "median s", "best s", "GFLOP/s", "delta", "peak MB"),
                    List.of(List.of("vit-base-patch16-224 shape, random weights", vit.config().tokens(),
                            Timing.text("%.2f", timing.first()), Timing.text("%.2f", timing.median()),
                            Timing.text("%.2f", timing.best()),
                            Timing.text("%.0f", flops(vit.config()) / timing.median() * 1e-9),
                            Timing.text("%.1e", last[0].delta()), memory.megabytes())),
                    List.of("first: with kernels not yet compiled; median and best: of " + context.rounds()
                            + " further runs.",
                            "GFLOP/s: forward and backward pass of all matrix products, at the median.",
                            "peak MB: resident memory of this process, weights and Java included; with --only image.")));
        }
    }

    /** Multiplications and additions of the matrix products in one forward and one backward pass of all nodes. */
    private static double flops(ViTConfig config) {
        double c = config.hiddenSize();
        double t = config.tokens();
        double dense = 2 * t * (4 * c * c + 2 * c * config.intermediateSize());
        double attention = 4 * t * t * c;
        return NODES * config.layers() * (2 * dense + 3 * attention);
    }
}
