package dev.limpid.attribution.explain;

import dev.limpid.attribution.FeatureGroups;
import dev.limpid.attribution.IntegratedGradients;
import dev.limpid.attribution.Method;
import dev.limpid.attribution.Occlusion;
import dev.limpid.attribution.Steps;
import dev.limpid.tensor.Shape;
import java.util.Arrays;

/** A method by which tokens are attributed: a {@link Method} on the vectors of a text's tokens, and how the numbers of a vector make one for the token. */
public sealed interface TextMethod {
    /** Integrated gradients with as many nodes as it takes. */
    TextMethod DEFAULT = of(new IntegratedGradients(Steps.AUTO));

    /** Leave one out: what the score loses when the baseline's vector stands in the place of a token's. */
    TextMethod LEAVE_ONE_OUT = new LeaveOneOut();

    /** A method that has an attribution for each number of a token's vector; the token has their sum. */
    static TextMethod of(Method method) {
        return new Summed(method);
    }

    /** The method for a text's vectors (T, C). */
    Method on(Shape shape);

    /** The T tokens' attributions, from those of the features (T, C). */
    double[] perToken(Shape shape, double[] values);

    /** See {@link TextMethod#of}. */
    record Summed(Method method) implements TextMethod {
        public Summed {
            if (method instanceof Occlusion) {
                throw new IllegalArgumentException("the windows of an occlusion fit one text only and their losses must"
                        + " not be summed over a token's vector; use TextMethod.LEAVE_ONE_OUT");
            }
        }

        @Override
        public Method on(Shape shape) {
            return method;
        }

        @Override
        public double[] perToken(Shape shape, double[] values) {
            return FeatureGroups.sums(FeatureGroups.rows(shape), values);
        }
    }

    /** See {@link TextMethod#LEAVE_ONE_OUT}. */
    record LeaveOneOut() implements TextMethod {
        @Override
        public Method on(Shape shape) {
            return Occlusion.leaveOneOut(shape);
        }

        /** Every number of a token's vector has the whole loss. */
        @Override
        public double[] perToken(Shape shape, double[] values) {
            double[] tokens = new double[shape.dim(0)];
            Arrays.setAll(tokens, t -> values[t * shape.dim(1)]);
            return tokens;
        }
    }
}
