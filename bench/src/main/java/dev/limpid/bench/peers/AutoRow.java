package dev.limpid.bench.peers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Steps;
import dev.limpid.bench.BenchException;
import dev.limpid.bench.explain.Agreement;
import dev.limpid.bench.explain.CheckpointFolder;
import dev.limpid.bench.explain.ExplainedModel;
import dev.limpid.bench.explain.ExplainedModel.Explained;
import dev.limpid.bench.explain.FineAttributions;
import dev.limpid.bench.explain.ModelShape;
import dev.limpid.bench.rounds.Rounds;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * As many nodes as it takes, beside captum with as many as it needs to be no less exact, and with the 50 of its default.
 *
 * <p>Captum's number is the smallest n of Gauss and Legendre at which for every target |delta| and the largest error of an attribution, against very many nodes, are no
 * larger than ours. It is looked for by Limpid, whose attributions at one n are those of captum up to rounding.
 */
final class AutoRow {
    private static final double BAR_TEXT = 1.5;
    private static final double BAR_IMAGE = 1.2;
    private static final int DEFAULT_NODES = 50;
    private static final int MOST_NODES = 400;
    private static final double ALLOWED = 2e-2;

    private AutoRow() {}

    static List<Comparison> compare(PeerBenchmark.Setting setting) {
        List<Comparison> rows = new ArrayList<>();
        rows.addAll(compare(setting, setting.shape(false, "bert-base-128"), "captum-qa", BAR_TEXT));
        rows.addAll(compare(setting, setting.shape(true, "vit-base"), "captum-image", BAR_IMAGE));
        return rows;
    }

    private static List<Comparison> compare(PeerBenchmark.Setting setting, ModelShape shape, String kind, double bar) {
        Path folder = CheckpointFolder.require(setting.checkpoints(), shape);
        try (Ops ops = Device.open("cpu", new DeviceOptions(setting.context().threads()))) {
            ExplainedModel model = shape.open(ops, setting.checkpoints());
            List<Explained> last = new ArrayList<>();
            Runnable explain = () -> {
                last.clear();
                last.addAll(model.explain(shape.image() ? Steps.AUTO_IMAGE : Steps.AUTO, RunOptions.DEFAULT));
            };
            explain.run();
            setting.context().tell("peers: auto, " + shape.name() + ", the attributions by "
                    + setting.context().peers().fineNodes() + " nodes");
            List<double[]> fine = FineAttributions.of(model, folder, shape, setting.context().peers().fineNodes(),
                    last.stream().map(Explained::target).toList());
            List<Accuracy> ours = accuracies(last, fine);
            int nodes = equalNodes(model, fine, ours);
            String work = shape.name() + ", auto: "
                    + last.stream().map(one -> one.nodes() + " nodes for " + one.target())
                            .reduce((a, b) -> a + ", " + b).orElseThrow();
            for (int i = 0; i < ours.size(); i++) {
                setting.notes()
                        .add(String.format(Locale.ROOT,
                                "%s, %s: |delta| %.1e, largest error %.1e of the largest attribution",
                                work, last.get(i).target(), ours.get(i).delta(), ours.get(i).error()));
            }
            try (PeerRun equal = new PeerRun(setting.peers(), open(kind, folder, shape, nodes));
                    PeerRun usual = new PeerRun(setting.peers(), open(kind, folder, shape, DEFAULT_NODES))) {
                double atEqual = difference(work, last, equal);
                double atUsual = difference(work, last, usual);
                Rounds rounds = new Rounds(setting.peak(),
                        List.of(() -> Comparison.seconds(explain), equal, usual));
                Comparison.measure(setting.context(), rounds);
                String attention = ", attention " + equal.attention();
                return List.of(
                        Comparison.of(work, "captum at equal accuracy, n=" + nodes + attention, rounds, 0, 1, bar,
                                atEqual),
                        Comparison.of(work, "captum's default, n=" + DEFAULT_NODES + attention, rounds, 0, 2,
                                Double.NaN, atUsual));
            }
        }
    }

    private static ObjectNode open(String kind, Path folder, ModelShape shape,
            int nodes) {
        return PeerRun.of(kind, folder, nodes).put("tokens", shape.tokens());
    }

    /** How exact the attributions of one target are: |delta|, and the largest error relative to the largest attribution. */
    record Accuracy(double delta, double error) {
        boolean noWorseThan(Accuracy other) {
            return delta <= other.delta && error <= other.error;
        }
    }

    private static List<Accuracy> accuracies(List<Explained> explained, List<double[]> fine) {
        return IntStream.range(0, fine.size()).mapToObj(i -> new Accuracy(Math.abs(explained.get(i).delta()),
                Agreement.of(explained.get(i).values(), fine.get(i)).largest())).toList();
    }

    private static int equalNodes(ExplainedModel model, List<double[]> fine, List<Accuracy> ours) {
        for (int nodes = 1; nodes <= MOST_NODES; nodes++) {
            List<Accuracy> theirs = accuracies(
                    model.explain(new Steps.Fixed(Quadrature.GAUSS_LEGENDRE, nodes), RunOptions.DEFAULT), fine);
            if (IntStream.range(0, ours.size()).allMatch(i -> theirs.get(i).noWorseThan(ours.get(i)))) {
                return nodes;
            }
        }
        throw new BenchException("auto: not even " + MOST_NODES + " nodes of Gauss and Legendre are as exact");
    }

    private static double difference(String work, List<Explained> ours, PeerRun peer) {
        double difference = peer.values(file -> ours.stream()
                .mapToDouble(one -> Agreement.of(one.values(), Comparison.values(file, one.target())).largest()).max()
                .orElseThrow());
        return Comparison.requireNear(work, difference, ALLOWED);
    }
}
