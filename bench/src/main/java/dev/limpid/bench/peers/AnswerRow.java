package dev.limpid.bench.peers;

import dev.limpid.attribution.explain.Convention;
import dev.limpid.attribution.explain.Limpid;
import dev.limpid.attribution.explain.LimpidModel;
import dev.limpid.attribution.explain.LoadOptions;
import dev.limpid.attribution.explain.QaOptions;
import dev.limpid.attribution.explain.QuestionAnsweringExplanation;
import dev.limpid.attribution.explain.TargetAttribution;
import dev.limpid.attribution.explain.TokenAttribution;
import dev.limpid.bench.BenchException;
import dev.limpid.bench.explain.Agreement;
import dev.limpid.bench.explain.CheckpointFolder;
import dev.limpid.bench.explain.ModelShape;
import dev.limpid.bench.explain.RandomInput.Pair;
import dev.limpid.bench.rounds.Rounds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An answer's start and end, from the two texts to attributions, in the convention of transformers-interpret and by it. */
final class AnswerRow {
    private static final double BAR = 1.0;
    private static final double BAR_NATIVE = 1.3;
    private static final double ALLOWED = 1e-4;

    private AnswerRow() {}

    static Comparison compare(PeerBenchmark.Setting setting) {
        ModelShape shape = setting.shape(false, "bert-base-128");
        int nodes = setting.context().explanations().nodes();
        Path folder = CheckpointFolder.require(setting.checkpoints(), shape);
        Pair input = CheckpointFolder.pair(folder, shape.tokens());
        String work = shape.name() + ", start and end, n=" + nodes;
        QaOptions options = QaOptions.DEFAULT.withConvention(Convention.TRANSFORMERS_INTERPRET).withNSteps(nodes);
        LoadOptions load = LoadOptions.DEFAULT.withThreads(setting.context().threads());
        try (LimpidModel model = Limpid.load(folder, load);
                PeerRun peer = new PeerRun(setting.peers(),
                        PeerRun.of("interpret", folder, nodes).put("tokens", shape.tokens()))) {
            List<QuestionAnsweringExplanation> last = new ArrayList<>();
            Runnable explain = () -> {
                last.clear();
                last.add(model.questionAnswering().explain(input.question(), input.context(), options));
            };
            explain.run();
            List<double[]> theirs = peer
                    .values(file -> List.of(Comparison.values(file, "start"), Comparison.values(file, "end")));
            QuestionAnsweringExplanation found = last.getFirst();
            double difference = Math.max(difference(found.start(), theirs.getFirst()),
                    difference(found.end(), theirs.getLast()));
            Comparison.requireNear(work, difference, ALLOWED);
            Rounds rounds = new Rounds(setting.peak(), List.of(() -> Comparison.seconds(explain), peer));
            Comparison.measure(setting.context(), rounds);
            return Comparison.of(work, "transformers-interpret, attention " + peer.attention(), rounds, 0, 1,
                    setting.nativeProducts() ? BAR_NATIVE : BAR,
                    difference);
        }
    }

    private static double difference(TargetAttribution ours, double[] theirs) {
        double[] values = ours.tokens().stream().mapToDouble(TokenAttribution::raw).toArray();
        if (values.length != theirs.length) {
            throw new BenchException(ours.target() + " has " + values.length + " tokens, transformers-interpret has "
                    + theirs.length);
        }
        return Agreement.of(values, theirs).largest();
    }
}
