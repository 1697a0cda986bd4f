package dev.limpid.bench.peers;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.limpid.bench.BenchException;
import dev.limpid.bench.explain.Agreement;
import dev.limpid.bench.explain.CheckpointFolder;
import dev.limpid.bench.explain.ExplainedTexts;
import dev.limpid.bench.explain.ModelShape;
import dev.limpid.bench.explain.RandomInput;
import dev.limpid.bench.explain.RandomInput.Pair;
import dev.limpid.bench.rounds.Rounds;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Many texts of 8 to 200 tokens, one target each, beside captum one by one and in padded batches. */
final class TextsRow {
    private static final double BAR_ONE_BY_ONE = 1.0;
    private static final double BAR_PADDED = 1.6;
    private static final double ALLOWED = 1e-4;
    private static final int SHORTEST = 8;
    private static final int LONGEST = 200;

    private TextsRow() {}

    static List<Comparison> compare(PeerBenchmark.Setting setting) {
        PeerOptions options = setting.context().peers();
        ModelShape shape = ModelShape.named(ModelShape.names()).stream()
                .filter(each -> each.model().equals(options.textModel()) && !each.image()).findFirst()
                .orElseThrow(() -> new BenchException("--text-model: there is no model of texts '" + options.textModel()
                        + "'; there are minilm, bert-base, bert-large, bert-tiny"));
        Path folder = CheckpointFolder.require(setting.checkpoints(), shape);
        int nodes = options.textNodes();
        try (Ops ops = Device.open("cpu", new DeviceOptions(setting.context().threads()))) {
            ExplainedTexts model = ExplainedTexts.open(ops, folder);
            int longest = Math.min(LONGEST, model.maxTokens());
            List<Pair> texts = new SplittableRandom(200).ints(options.texts(), SHORTEST, longest + 1)
                    .mapToObj(tokens -> RandomInput.pair(tokens, model.vocabSize())).toList();
            int tokens = texts.stream().mapToInt(text -> text.ids().length).sum();
            String work = texts.size() + " texts of " + SHORTEST + " to " + longest + " tokens, " + tokens + " in all, "
                    + shape.model() + ", start, n=" + nodes;
            List<double[]> ours = new ArrayList<>();
            Runnable explain = () -> {
                ours.clear();
                ours.addAll(model.explain(texts, nodes));
            };
            explain.run();
            try (PeerRun single = new PeerRun(setting.peers(), open("captum-texts", folder, nodes, texts));
                    PeerRun padded = new PeerRun(setting.peers(), open("captum-padded", folder, nodes, texts))) {
                double differenceSingle = difference(work, ours, single);
                double differencePadded = difference(work, ours, padded);
                Rounds rounds = new Rounds(setting.peak(),
                        List.of(() -> Comparison.seconds(explain), single, padded));
                Comparison.measure(setting.context(), rounds);
                String attention = ", attention " + single.attention();
                return List.of(
                        Comparison.of(work, "captum, one by one" + attention, rounds, 0, 1, BAR_ONE_BY_ONE,
                                differenceSingle),
                        Comparison.of(work, "captum, padded batches of 16" + attention, rounds, 0, 2, BAR_PADDED,
                                differencePadded));
            }
        }
    }

    private static ObjectNode open(String kind, Path folder, int nodes, List<Pair> texts) {
        ObjectNode request = PeerRun.of(kind, folder, nodes);
        ArrayNode list = request.putArray("texts");
        texts.forEach(text -> CheckpointFolder.pair(list.addObject(), text));
        return request;
    }

    private static double difference(String work, List<double[]> ours, PeerRun peer) {
        double difference = peer.values(file -> {
            double largest = 0;
            for (int i = 0; i < ours.size(); i++) {
                largest = Math.max(largest, Agreement
                        .of(ours.get(i), Comparison.values(file, Integer.toString(i))).largest());
            }
            return largest;
        });
        return Comparison.requireNear(work, difference, ALLOWED);
    }
}
