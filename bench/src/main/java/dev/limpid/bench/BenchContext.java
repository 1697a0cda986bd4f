package dev.limpid.bench;

import dev.limpid.bench.peers.PeerOptions;
import java.io.PrintStream;

/**
 * What the user asked for.
 *
 * @param threads the most threads a multi-threaded measurement uses
 * @param rounds how many rounds must count
 * @param clock what rounds on one thread are timed by
 * @param explanations how explanations are measured
 * @param peers how other programs are compared with
 * @param progress where progress is told
 */
public record BenchContext(int threads, int rounds, Clock clock, ExplanationOptions explanations,
        PeerOptions peers, PrintStream progress) {
    /** Says what is being done, on a line of its own. */
    public void tell(String line) {
        progress.println(line);
    }
}
