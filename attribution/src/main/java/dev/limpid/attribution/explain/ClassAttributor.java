package dev.limpid.attribution.explain;

import dev.limpid.attribution.Target;
import dev.limpid.attribution.explain.TextAttributor.Asked;
import dev.limpid.attribution.explain.TextAttributor.Scalar;
import dev.limpid.attribution.explain.TextAttributor.Work;
import dev.limpid.attribution.explain.TextReader.Row;
import dev.limpid.bert.BertBatch;
import dev.limpid.nn.ModelException;
import java.util.ArrayList;
import java.util.List;

/** What explaining the classification of one text and of two has in common: everything but how they are read. */
final class ClassAttributor {
    private final TextAttributor attributor;
    private final LimpidModel model;

    /** @throws ModelException if the model classifies no sequences */
    ClassAttributor(LimpidModel model) {
        this.attributor = new TextAttributor(model);
        this.model = model;
        requireArchitecture(model, "BertForSequenceClassification", "which classifies no texts");
    }

    static void requireArchitecture(LimpidModel model, String needed, String cannot) {
        String architecture = model.bert().head().architecture();
        if (!architecture.equals(needed)) {
            throw new ModelException(model.name() + " is a " + architecture + ", " + cannot + "; load a " + needed);
        }
    }

    /**
     * What is to be explained.
     *
     * @param textPair null where there is but one text
     */
    record Input(Row row, String text, String textPair) {}

    List<ClassificationExplanation> explain(List<Input> inputs, ClassificationOptions options) {
        List<String> labels = labels(options);
        boolean own = options.text().convention() == Convention.DEFAULT;
        ClassScoring scoring = options.scoring()
                .of(own ? model.bert().config().problemType() : null, labels.size());
        List<double[]> logits = attributor.logits(inputs.stream().map(input -> input.row.input().batch())
                .map(row -> new Asked(own ? row : unsegmented(row), null)).toList(), options.text());
        List<Work> works = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            works.add(new Work(inputs.get(i).row.input(), target(options, labels).resolve(labels, logits.get(i))
                    .stream().map(chosen -> scalar(chosen, scoring, labels.size(), options)).toList()));
        }
        List<List<TargetAttribution>> attributions = attributor.attribute(works, options.text());
        List<ClassificationExplanation> explanations = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            Input input = inputs.get(i);
            explanations.add(new ClassificationExplanation(
                    TextRun.of(model, options.text(), input.row.tokensLeftOut()), input.text, input.textPair, scoring,
                    predictions(labels, logits.get(i), scoring), attributions.get(i)));
        }
        return explanations;
    }

    private List<String> labels(ClassificationOptions options) {
        List<String> own = model.bert().config().labels();
        if (options.labels() == null) {
            return own;
        }
        if (options.labels().size() != own.size()) {
            throw new InputException(options.labels().size() + " labels were given, but the model has " + own.size()
                    + " classes; give one label for each");
        }
        return options.labels();
    }

    /** The row as transformers-interpret predicts from: it passes the ids alone, so that all are in one segment. */
    private static BertBatch unsegmented(BertBatch row) {
        return BertBatch.of(row.ids(), new int[row.length()]);
    }

    /** transformers-interpret explains the predicted class where it does not know a name. */
    private static ClassTarget target(ClassificationOptions options, List<String> labels) {
        return options.text().convention() == Convention.TRANSFORMERS_INTERPRET
                && options.target() instanceof ClassTarget.Label(String label) && !labels.contains(label)
                        ? ClassTarget.PREDICTED
                        : options.target();
    }

    private static Scalar scalar(ClassTarget.Resolved chosen, ClassScoring scoring, int classes,
            ClassificationOptions options) {
        ScoreKind kind = options.text().scoreKind();
        if (kind == ScoreKind.PROBABILITY && scoring == ClassScoring.NONE) {
            throw new InputException("the model's logits are amounts (problem_type regression), not probabilities;"
                    + " explain the logit");
        }
        Target f = target(chosen.index(), kind, scoring);
        if (chosen.against() >= 0) {
            f = f.minus(target(chosen.against(), kind, scoring));
        }
        if (!options.flipSign()) {
            return new Scalar(chosen.kind(), chosen.index(), chosen.label(), kind, f);
        }
        if (classes != 1) {
            throw new InputException("flipSign is for models with a single logit, but this one has " + classes
                    + " classes; explain another class");
        }
        return new Scalar(chosen.kind(), chosen.index(), "not " + chosen.label(), kind,
                f.subtractedFrom(kind == ScoreKind.PROBABILITY ? 1 : 0));
    }

    private static Target target(int index, ScoreKind kind, ClassScoring scoring) {
        return kind == ScoreKind.PROBABILITY ? scoring.target(index) : Target.logit(index);
    }

    private static List<ClassPrediction> predictions(List<String> labels, double[] logits, ClassScoring scoring) {
        double[] probabilities = scoring.probabilities(logits);
        return ClassTarget.order(logits)
                .mapToObj(i -> new ClassPrediction(i, labels.get(i), logits[i], probabilities[i])).toList();
    }
}
