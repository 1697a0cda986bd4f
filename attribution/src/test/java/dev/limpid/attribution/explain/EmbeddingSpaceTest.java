package dev.limpid.attribution.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.limpid.attribution.Attribution;
import dev.limpid.attribution.FeatureGroups;
import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.Method;
import dev.limpid.attribution.Occlusion;
import dev.limpid.attribution.Quadrature;
import dev.limpid.attribution.Steps;
import dev.limpid.attribution.RunOptions;
import dev.limpid.attribution.Target;
import dev.limpid.attribution.metric.Faithfulness;
import dev.limpid.bert.BertBatch;
import dev.limpid.bert.BertModel;
import dev.limpid.bert.EmbeddingPoint;
import dev.limpid.tensor.Workspace;
import dev.limpid.tokenizer.Encoding;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Methods and measures on the tokens of a text. */
class EmbeddingSpaceTest {
    private static final String QUESTION = "Who built the tower?";
    private static final String CONTEXT = "The tower in Paris was built by Gustave Eiffel.";

    private LimpidModel model;
    private EmbeddingSpace space;
    private double[] x;
    private double[] baseline;
    private QuestionAnsweringExplanation explanation;
    private Target start;

    @BeforeEach
    void load() {
        model = Limpid.load(Path.of("../bert/src/test/resources/golden/qa"),
                LoadOptions.DEFAULT.withDevice("reference"));
        explanation = model.questionAnswering().explain(QUESTION, CONTEXT);
        start = Target.logit(2 * explanation.answer().start());
        Encoding encoding = model.tokenizer().encode(QUESTION, CONTEXT);
        space = new EmbeddingSpace(new BertPathModel(model.bert(), EmbeddingPoint.AFTER_LAYER_NORM, encoding.length()));
        int[] padded = encoding.ids().clone();
        for (int t = 0; t < padded.length; t++) {
            if (explanation.start().tokens().get(t).source() != TokenAttribution.Source.SPECIAL) {
                padded[t] = model.tokenizer().padId();
            }
        }
        x = embedded(encoding.ids(), encoding.typeIds());
        baseline = embedded(padded, encoding.typeIds());
    }

    @AfterEach
    void close() {
        model.close();
    }

    private double[] embedded(int[] ids, int[] typeIds) {
        BertModel bert = model.bert();
        try (Workspace ws = bert.ops().workspace()) {
            return bert.ops().download(bert.embed(ws, EmbeddingPoint.AFTER_LAYER_NORM, BertBatch.of(ids, typeIds)));
        }
    }

    private double[] tokens(Method method) {
        Attribution a = method.attribute(space, x, baseline, List.of(start), RunOptions.DEFAULT).getFirst();
        return FeatureGroups.sums(FeatureGroups.rows(space.shape()), a.values());
    }

    @Test
    void integratedGradientsOfTokensAreThoseOfTheExplainer() {
        double[] expected = explanation.start().tokens().stream().mapToDouble(TokenAttribution::raw).toArray();
        assertThat(tokens(new IntegratedGradients(Steps.AUTO))).containsExactly(expected,
                within(1e-12));
    }

    @Test
    void leavingATokenOutIsTheComprehensivenessOfThatToken() {
        Attribution left = Occlusion.leaveOneOut(space.shape())
                .attribute(space, x, baseline, List.of(start), RunOptions.DEFAULT).getFirst();
        int[][] rows = FeatureGroups.rows(space.shape());
        Faithfulness faithfulness = new Faithfulness(space, x, baseline, rows, RunOptions.DEFAULT);
        for (int t = 0; t < rows.length; t++) {
            double[] only = new double[x.length];
            only[rows[t][0]] = 1; // this token ranks first, so it alone is taken away
            assertThat(faithfulness.comprehensiveness(start, only, 1e-3)).isCloseTo(left.values()[rows[t][0]],
                    within(1e-12));
        }
        assertThat(left.values()[0]).as("[CLS] is its own baseline").isZero();
    }

    @Test
    void deletionRunsFromTheTextToTheBaseline() {
        double[] values = new IntegratedGradients(Quadrature.GAUSS_LEGENDRE, 20)
                .attribute(space, x, baseline, List.of(start), RunOptions.DEFAULT).getFirst().values();
        double[] scores = new Faithfulness(space, x, baseline, FeatureGroups.rows(space.shape()), RunOptions.DEFAULT)
                .deletion(start, values).scores();
        assertThat(scores[0]).isCloseTo(explanation.start().score(), within(1e-12));
        assertThat(scores[scores.length - 1]).isCloseTo(explanation.start().baselineScore(), within(1e-12));
    }
}
