package dev.limpid.bench.peers;

import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Steps;
import dev.limpid.bench.explain.Agreement;
import dev.limpid.bench.explain.CheckpointFolder;
import dev.limpid.bench.explain.ExplainedModel;
import dev.limpid.bench.explain.ExplainedModel.Explained;
import dev.limpid.bench.explain.ModelShape;
import dev.limpid.bench.rounds.Rounds;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Every channel of every pixel of an image, beside captum's integrated gradients. */
final class ImageRow {
    private static final double BAR = 0.8;
    private static final double BAR_NATIVE = 1.0;
    private static final double ALLOWED = 1e-4;

    private ImageRow() {}

    static Comparison compare(PeerBenchmark.Setting setting) {
        ModelShape shape = setting.shape(true, "vit-base");
        int nodes = setting.context().explanations().nodes();
        Path folder = CheckpointFolder.require(setting.checkpoints(), shape);
        String work = shape.name() + ", n=" + nodes;
        try (Ops ops = Device.open("cpu", new DeviceOptions(setting.context().threads()));
                PeerRun peer = new PeerRun(setting.peers(), PeerRun.of("captum-image", folder, nodes))) {
            ExplainedModel model = shape.open(ops, setting.checkpoints());
            List<Explained> last = new ArrayList<>();
            Runnable explain = () -> {
                last.clear();
                last.addAll(model.explain(new Steps.Fixed(Quadrature.GAUSS_LEGENDRE, nodes), RunOptions.DEFAULT));
            };
            explain.run();
            double[] theirs = peer.values(file -> Comparison.values(file, "class"));
            double difference = Agreement.of(last.getFirst().values(), theirs).largest();
            Comparison.requireNear(work, difference, ALLOWED);
            Rounds rounds = new Rounds(setting.peak(), List.of(() -> Comparison.seconds(explain), peer));
            Comparison.measure(setting.context(), rounds);
            return Comparison.of(work, "captum, attention " + peer.attention(), rounds, 0, 1,
                    setting.nativeProducts() ? BAR_NATIVE : BAR, difference);
        }
    }
}
