/**
 * Attribution along a path: points between a baseline and an input, the network's gradient at each, and rules that sum them.
 *
 * <p>{@link dev.limpid.attribution.PathEngine} drives a {@link dev.limpid.attribution.PathModel} over the nodes of a
 * {@link dev.limpid.attribution.Quadrature} for several {@link dev.limpid.attribution.Target}s and returns a
 * {@link dev.limpid.attribution.PathIntegral} for each.
 */
package dev.limpid.attribution;
