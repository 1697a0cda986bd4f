/** Attention as a page to look around in: the heads of a layer, all heads of a model, and the queries and keys behind one head. */
package dev.limpid.attribution.render.attention;
