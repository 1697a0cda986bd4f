/**
 * The {@code limpid} command.
 *
 * <p>Exit status: 0 done, even where lines of a file of inputs could not be explained, which are reported one by one; 2 the input or the call is at fault, in one sentence; 1 Limpid itself is.
 */
package dev.limpid.cli;
