package dev.limpid.bench.explain;

import dev.limpid.attribution.PathEngine;
import dev.limpid.attribution.PathIntegral;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Target;
import dev.limpid.attribution.explain.BertPathModel;
import dev.limpid.attribution.explain.Limpid;
import dev.limpid.attribution.explain.LimpidModel;
import dev.limpid.attribution.explain.LoadOptions;
import dev.limpid.attribution.explain.QuestionAnsweringExplanation;
import dev.limpid.bench.BenchContext;
import dev.limpid.bench.Benchmark;
import dev.limpid.bench.Table;
import dev.limpid.bert.BertBatch;
import dev.limpid.bert.BertModel;
import dev.limpid.bert.EmbeddingPoint;
import dev.limpid.demo.DemoModels;
import dev.limpid.tensor.Device;
import dev.limpid.tensor.DeviceOptions;
import dev.limpid.tensor.Ops;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Whole explanations of question answering: start and end, 50 Gauss–Legendre nodes, one forward pass for both. */
public final class ExplainBenchmark implements Benchmark {
    private static final String QUESTION = "Where is the Eiffel Tower?";
    private static final String CONTEXT = "The Eiffel Tower, built in 1889 by the company of Gustave Eiffel, stands on the Champ de Mars"
            + " in Paris, France.";
    private static final int BASE_TOKENS = 128;
    private static final int NODES = 50;
    /** Largest |delta|, relative to F(x) − F(x0), that a right answer has. */
    private static final double LARGEST_DELTA = 0.01;

    @Override
    public String name() {
        return "explain";
    }

    @Override
    public String description() {
        return "explanations of question answering: the embedded model, and the shape of bert-base with random weights";
    }

    @Override
    public List<Table> run(BenchContext context) {
        List<List<Object>> rows = new ArrayList<>();
        rows.add(embedded(context));
        rows.add(base(context));
        return List.of(new Table(
                "explanations, start and end, " + NODES + " nodes, F32, " + context.threads() + " threads",
                List.of("model", "tokens", "first s", "median s", "best s", "GFLOP/s", "delta"), rows,
                List.of("first: with kernels not yet compiled; median and best: of " + context.rounds()
                        + " further runs.",
                        "GFLOP/s: forward pass and two backward passes of all matrix products, at the median.")));
    }

    private static List<Object> embedded(BenchContext context) {
        context.tell("explain: the embedded model");
        LoadOptions options = LoadOptions.DEFAULT.withAdapter(DemoModels.questionAnsweringAdapter())
                .withThreads(context.threads());
        try (LimpidModel model = Limpid.load(DemoModels.questionAnswering(), options)) {
            QuestionAnsweringExplanation[] last = new QuestionAnsweringExplanation[1];
            Timing timing = Timing.of(context, () -> last[0] = model.questionAnswering().explain(QUESTION, CONTEXT));
            QuestionAnsweringExplanation e = last[0];
            Timing.require(e.answer().text().equals("Paris"),
                    "the embedded model answered '" + e.answer().text() + "', not 'Paris'");
            double change = e.start().score() - e.start().baselineScore();
            return row("all-MiniLM-L6-v2, question answering", e.start().tokens().size(), timing, model.bert(),
                    e.start().delta(), change);
        }
    }

    private static List<Object> base(BenchContext context) {
        context.tell("explain: bert-base shape, random weights");
        try (Ops ops = Device.open("cpu", new DeviceOptions(context.threads())); Workspace ws = ops.workspace()) {
            BertModel bert = RandomBert.base(ops);
            int[] ids = new SplittableRandom(1).ints(BASE_TOKENS, 1000, 30_000).toArray();
            int[] typeIds = new int[BASE_TOKENS];
            Arrays.fill(typeIds, BASE_TOKENS / 4, BASE_TOKENS, 1);
            Tensor input = point(ws, bert, ids, typeIds);
            Tensor baseline = point(ws, bert, new int[BASE_TOKENS], typeIds);
            PathEngine engine = new PathEngine(new BertPathModel(bert, EmbeddingPoint.AFTER_LAYER_NORM, BASE_TOKENS),
                    RunOptions.DEFAULT);
            List<Target> targets = List.of(Target.logit(2 * 40), Target.logit(2 * 43 + 1));
            PathIntegral[] last = new PathIntegral[1];
            Timing timing = Timing.of(context, () -> last[0] = engine
                    .integrate(baseline, input, Quadrature.GAUSS_LEGENDRE.nodes(NODES), targets)
                    .getFirst());
            return row("bert-base shape, random weights", BASE_TOKENS, timing, bert, last[0].delta(),
                    last[0].score() - last[0].baselineScore());
        }
    }

    private static Tensor point(Workspace ws, BertModel bert, int[] ids, int[] typeIds) {
        return bert.embed(ws, EmbeddingPoint.AFTER_LAYER_NORM, BertBatch.of(ids, typeIds)).reshape(ids.length,
                bert.config().hiddenSize());
    }

    private static List<Object> row(String model, int tokens, Timing timing, BertModel bert, double delta,
            double change) {
        Timing.requireComplete(model, delta, change, LARGEST_DELTA);
        return List.of(model, tokens, Timing.text("%.2f", timing.first()), Timing.text("%.2f", timing.median()),
                Timing.text("%.2f", timing.best()),
                Timing.text("%.0f", flops(bert, tokens) / timing.median() * 1e-9), Timing.text("%.1e", delta));
    }

    /** Multiplications and additions of the matrix products in one forward and two backward passes of all nodes. */
    private static double flops(BertModel bert, int tokens) {
        double c = bert.config().hiddenSize();
        double i = bert.config().intermediateSize();
        double t = tokens;
        double dense = 2 * t * (4 * c * c + 2 * c * i);
        double attention = 4 * t * t * c;
        return NODES * bert.config().layers() * (3 * dense + attention + 2 * 2 * attention);
    }
}
