package dev.limpid.bench.explain;

import dev.limpid.attribution.explain.Limpid;
import dev.limpid.attribution.explain.LimpidModel;
import dev.limpid.attribution.explain.LoadOptions;
import dev.limpid.attribution.explain.QuestionAnsweringExplanation;
import dev.limpid.bench.BenchContext;
import dev.limpid.bench.Benchmark;
import dev.limpid.bench.Figure;
import dev.limpid.bench.Table;
import dev.limpid.demo.DemoModels;
import java.util.List;

/** Whole explanations of question answering: start and end from one forward pass, by Gauss–Legendre. */
public final class ExplainBenchmark implements Benchmark {
    /** Largest |delta|, relative to F(x) − F(x0), that a right answer has. */
    private static final double LARGEST_DELTA = 0.01;

    @Override
    public String name() {
        return "explain";
    }

    @Override
    public String description() {
        return "explanations of question answering: the embedded model, and the shapes of published models with random weights";
    }

    @Override
    public List<Table> run(BenchContext context) {
        List<String> asked = context.explanations().shapes();
        if (!asked.isEmpty()) {
            List<ModelShape> texts = ModelShape.named(asked).stream().filter(shape -> !shape.image()).toList();
            return texts.isEmpty() ? List.of() : List.of(ExplanationTable.of(context, texts));
        }
        return List.of(embedded(context), ExplanationTable.of(context, ModelShape.named(List.of("bert-base-128"))));
    }

    private static Table embedded(BenchContext context) {
        context.tell("explain: the embedded model");
        LoadOptions options = LoadOptions.DEFAULT.withAdapter(DemoModels.questionAnsweringAdapter())
                .withThreads(context.threads());
        try (LimpidModel model = Limpid.load(DemoModels.questionAnswering(), options)) {
            QuestionAnsweringExplanation[] last = new QuestionAnsweringExplanation[1];
            Timing timing = Timing.of(context,
                    () -> last[0] = model.questionAnswering().explain(MergedModel.QUESTION, MergedModel.CONTEXT));
            QuestionAnsweringExplanation e = last[0];
            Timing.require(e.answer().text().equals("Paris"),
                    "the embedded model answered '" + e.answer().text() + "', not 'Paris'");
            double change = e.start().score() - e.start().baselineScore();
            Timing.requireComplete("the embedded model", e.start().delta(), change, LARGEST_DELTA);
            return new Table("the embedded model, start and end, cpu, F32, " + context.threads() + " threads",
                    List.of("model", "tokens", "first s", "median s", "best s", "delta"),
                    List.of(List.of("all-MiniLM-L6-v2, question answering", e.start().tokens().size(),
                            new Figure(timing.first(), "%.2f"), new Figure(timing.median(), "%.2f"),
                            new Figure(timing.best(), "%.2f"), new Figure(e.start().delta(), "%.1e"))),
                    List.of());
        }
    }
}
