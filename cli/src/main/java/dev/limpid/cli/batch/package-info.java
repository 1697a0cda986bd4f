/**
 * Many inputs in one call: each record of a file of inputs makes one line of a file of JSON Lines, in the same order.
 *
 * <p>Memory does not grow with the number of records. The output is appended to, a whole line in one write, and begins each line with the number of the input
 * line it belongs to and with a fingerprint of the run; therefore a run that was killed goes on after its last whole line.
 */
package dev.limpid.cli.batch;
