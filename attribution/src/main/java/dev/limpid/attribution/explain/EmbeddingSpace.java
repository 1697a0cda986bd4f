package dev.limpid.attribution.explain;

import dev.limpid.attribution.Target;
import dev.limpid.attribution.attention.AttendingSpace;
import dev.limpid.attribution.attention.AttentionReading;
import dev.limpid.tensor.Shape;
import dev.limpid.tensor.Tensor;
import dev.limpid.tensor.Workspace;
import java.util.Arrays;

/**
 * The vectors (T, C) of a text's tokens at the point where the path of a BERT begins: the features are the points themselves. With it every method and every measure
 * of faithfulness works on text; the rows are the tokens.
 *
 * @param model the network behind the point, for one length of text
 */
public record EmbeddingSpace(BertPathModel model) implements AttendingSpace {
    @Override
    public Shape shape() {
        return Shape.of(model.length(), model.bert().config().hiddenSize());
    }

    @Override
    public Tensor points(Workspace ws, double[]... features) {
        int size = Math.toIntExact(shape().size());
        double[] all = new double[features.length * size];
        for (int n = 0; n < features.length; n++) {
            System.arraycopy(features[n], 0, all, n * size, size);
        }
        Tensor points = ws.tensor(features.length, shape().dim(0), shape().dim(1));
        ws.ops().upload(all, points);
        return points;
    }

    @Override
    public double[][] backward(Workspace ws, Tensor dPoints) {
        double[] all = ws.ops().download(dPoints);
        double[][] rows = new double[dPoints.shape().dim(0)][];
        int size = all.length / rows.length;
        Arrays.setAll(rows, n -> Arrays.copyOfRange(all, n * size, (n + 1) * size));
        return rows;
    }

    /** @throws InputException if the model does not classify whole texts: no other head reads [CLS] */
    @Override
    public AttentionReading attention(Workspace ws, double[] features, Target target) {
        String architecture = model.bert().head().architecture();
        if (!architecture.equals("BertForSequenceClassification")) {
            throw new InputException("the model is a " + architecture
                    + ", which does not answer from [CLS], where attention is followed from; use another method");
        }
        return AttentionReading.of(model.bert(), ws, model.point(), points(ws, features), target);
    }

    @Override
    public double[] spread(double[] tokens) {
        int columns = shape().columns();
        double[] features = new double[tokens.length * columns];
        Arrays.setAll(features, i -> tokens[i / columns] / columns);
        return features;
    }
}
