/**
 * Attribution: what each feature of an input has to do with the answer of a network.
 *
 * <p>A {@link dev.limpid.attribution.Method} attributes {@link dev.limpid.attribution.Target}s to the features of a
 * {@link dev.limpid.attribution.FeatureSpace}, behind which a {@link dev.limpid.attribution.PathModel} computes. Two engines do the work:
 * {@link dev.limpid.attribution.PathEngine} integrates gradients along a path over the nodes of a {@link dev.limpid.attribution.Quadrature}, and
 * {@link dev.limpid.attribution.Probe} evaluates targets and their gradients at any inputs.
 */
package dev.limpid.attribution;
