/**
 * Explainers: a question and its context go in; the answer and the attribution of every token come out.
 *
 * <p>Begin with {@link dev.limpid.attribution.explain.Limpid#load}.
 */
package dev.limpid.attribution.explain;
