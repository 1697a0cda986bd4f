/**
 * The {@code limpid} command.
 *
 * <p>Exit status: 0 done; 2 the input or the call is at fault, in one sentence; 1 Limpid itself is.
 */
package dev.limpid.cli;
