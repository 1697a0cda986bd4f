/** The layers of a transformer: each holds its weights, and its backward pass stands below its forward pass. */
package dev.limpid.nn;
