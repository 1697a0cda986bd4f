/**
 * What people and programs see of an explanation: JSON, an HTML page, captum's table, and a bar of tokens for terminals.
 *
 * <p>Every document is a string built from the records of {@code dev.limpid.attribution.explain}; nothing here computes an attribution.
 */
package dev.limpid.attribution.render;
