package dev.limpid.attribution.explain;

import dev.limpid.bert.BertBatch;
import dev.limpid.bert.BertModel;
import dev.limpid.bert.EmbeddingPoint;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import dev.limpid.tokenizer.Tokenizer;
import java.util.Arrays;

/**
 * The two ends of the path of a text's explanation, in the values of an embedding point.
 *
 * @param baseline x0, (T, C)
 * @param input x, (T, C)
 */
record TextPath(Tensor baseline, Tensor input) {
    /** Both ends on the positions and segments of the input: only words change along the path. */
    static TextPath of(Workspace ws, BertModel bert, Tokenizer tokenizer, TextInput input, Baseline baseline,
            EmbeddingPoint point) {
        Tensor x = flat(bert.embed(ws, point, input.batch()));
        return new TextPath(switch (baseline) {
            case PAD -> replaced(ws, bert, input, tokenizer.padId(), point);
            case MASK -> replaced(ws, bert, input, tokenizer.maskId().orElseThrow(() -> new InputException(
                    "the model's vocabulary has no mask token, so the baseline mask cannot be used; use pad, zero or mean")),
                    point);
            case ZERO -> point == EmbeddingPoint.AFTER_LAYER_NORM
                    ? zeroed(ws, bert, x, input)
                    : wordVector(ws, bert, input, new double[bert.config().hiddenSize()], point);
            case MEAN -> wordVector(ws, bert, input, meanWord(ws, bert), point);
        }, x);
    }

    /**
     * Both ends as transformers-interpret 0.10.0 takes them. The layer's output at the reference ids comes from reference segments and positions,
     * which are all 0; but with the word or position table as the layer only that table's part changes along the path.
     */
    static TextPath transformersInterpret(Workspace ws, BertModel bert, Tokenizer tokenizer, TextInput input,
            Embedding embedding) {
        BertBatch x = input.batch();
        BertBatch x0 = switch (embedding) {
            case WORD -> input.with(tokenizer.padId());
            case POSITION -> new BertBatch(1, x.length(), x.ids(), x.typeIds(), new int[x.length()], x.attentionMask());
            case BLOCK -> transformersInterpretReference(tokenizer, input);
        };
        return new TextPath(flat(bert.embed(ws, embedding.point, x0)), flat(bert.embed(ws, embedding.point, x)));
    }

    /** The row that transformers-interpret computes its baseline score from: reference ids with all segments and positions 0. */
    static BertBatch transformersInterpretReference(Tokenizer tokenizer, TextInput input) {
        int[] zeros = new int[input.length()];
        BertBatch reference = input.with(tokenizer.padId());
        return new BertBatch(1, reference.length(), reference.ids(), zeros, zeros, reference.attentionMask());
    }

    private static Tensor flat(Tensor row) {
        return row.reshape(row.shape().dim(1), row.shape().dim(2));
    }

    private static Tensor replaced(Workspace ws, BertModel bert, TextInput input, int id, EmbeddingPoint point) {
        return flat(bert.embed(ws, point, input.with(id)));
    }

    private static Tensor zeroed(Workspace ws, BertModel bert, Tensor x, TextInput input) {
        int columns = x.shape().columns();
        double[] values = bert.ops().download(x);
        for (int t = 0; t < input.length(); t++) {
            if (!input.isKept(t)) {
                Arrays.fill(values, t * columns, (t + 1) * columns, 0);
            }
        }
        Tensor x0 = ws.tensor(input.length(), columns);
        bert.ops().upload(values, x0);
        return x0;
    }

    /** The input with {@code word} in place of the word vector of every token that does not stay. */
    private static Tensor wordVector(Workspace ws, BertModel bert, TextInput input, double[] word,
            EmbeddingPoint point) {
        Tensor sum = bert.embed(ws, EmbeddingPoint.BEFORE_LAYER_NORM, input.batch());
        double[] values = bert.ops().download(sum);
        for (int t = 0; t < input.length(); t++) {
            if (!input.isKept(t)) {
                int id = input.batch().ids()[t];
                double[] own = bert.ops().download(bert.wordEmbeddings().rows(id, id + 1));
                for (int c = 0; c < word.length; c++) {
                    values[t * word.length + c] += word[c] - own[c];
                }
            }
        }
        Tensor replaced = ws.tensor(1, input.length(), word.length);
        bert.ops().upload(values, replaced);
        return flat(point == EmbeddingPoint.BEFORE_LAYER_NORM ? replaced : bert.normalised(ws, replaced));
    }

    /** {@code (1/V)·Σ_v word[v]}: the gradient of a linear layer whose outputs all have the gradient 1/V. */
    private static double[] meanWord(Workspace ws, BertModel bert) {
        Tensor table = bert.wordEmbeddings();
        int words = table.shape().dim(0);
        Tensor ones = ws.tensor(1, words);
        bert.ops().fill(ones, 1.0 / words);
        Tensor mean = ws.tensor(1, table.shape().dim(1));
        bert.ops().linearBackwardInput(ones, table, false, mean);
        return bert.ops().download(mean);
    }
}
