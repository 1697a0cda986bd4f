/**
 * What attention shows: the maps of a forward pass, their gradients, and what is made of them. Attention says where a model looked, not why it answered so;
 * attributions say that.
 */
package dev.limpid.attribution.attention;
