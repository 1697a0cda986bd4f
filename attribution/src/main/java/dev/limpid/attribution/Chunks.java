package dev.limpid.attribution;

import dev.limpid.tensor.Ops;
import dev.limpid.tensor.OutOfDeviceMemoryException;
import dev.limpid.tensor.Workspace;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Takes rows through a network some at a time: as many as the options allow, and fewer from where the device runs out of memory. Rows do not interact, so
 * that this changes nothing but memory and speed. They need not be of one size. Belongs to one thread.
 */
public final class Chunks {
    private final Ops ops;
    private final Progress progress;
    private final int mostRows;
    private long room; // bytes that a chunk of more than one row may take

    /** Chunks as large as {@code options} allow. */
    public Chunks(Ops ops, RunOptions options) {
        this.ops = ops;
        this.progress = options.progress();
        this.mostRows = options.internalBatchSize() > 0 ? options.internalBatchSize() : Integer.MAX_VALUE;
        this.room = options.internalBatchSize() > 0 ? Long.MAX_VALUE : options.memoryBudget(ops);
    }

    /** What is done with a chunk. */
    @FunctionalInterface
    public interface Body {
        /**
         * Does rows {@code from} to {@code to} (exclusive). Where that ends in an {@link OutOfDeviceMemoryException} it is asked for fewer rows from the same
         * one on, and must not count twice what it has done already.
         */
        void rows(int from, int to);
    }

    /** Does {@code rows} rows in order, each of which takes about {@code bytesPerRow}; see {@link #run(long[], List, Body)}. */
    public void run(int rows, long bytesPerRow, List<Workspace> workspaces, Body body) {
        long[] bytes = new long[rows];
        Arrays.fill(bytes, bytesPerRow);
        run(bytes, workspaces, body);
    }

    /**
     * Does rows in order.
     *
     * @param bytes about what each row takes
     * @param workspaces what {@code body} computes in; emptied before each chunk
     * @throws OutOfDeviceMemoryException if the device has not the memory for a single row
     */
    public void run(long[] bytes, List<Workspace> workspaces, Body body) {
        for (int from = 0; from < bytes.length;) {
            int to = end(bytes, from);
            workspaces.forEach(Workspace::reset);
            try {
                body.rows(from, to);
                from = to;
            } catch (OutOfDeviceMemoryException e) {
                workspaces.forEach(Workspace::trim);
                shrink(Arrays.copyOfRange(bytes, from, to), e);
            }
        }
    }

    /**
     * Where a chunk ends that begins at a row. 50 rows where 32 have room go as 25 and 25, not as 32 and 18: that takes no more passes and less memory, and a device that
     * records the operations of a chunk can replay them for the next one only if it is of the same size.
     */
    private int end(long[] bytes, int from) {
        long left = 0;
        for (int row = from; row < bytes.length; row++) {
            left += bytes[row];
        }
        long chunks = Math.max(Math.ceilDiv(left, room), Math.ceilDiv(bytes.length - from, mostRows));
        long taken = bytes[from];
        int to = from + 1;
        while (to < bytes.length && taken < (double) left / chunks && bytes[to] <= room - taken
                && to - from < mostRows) {
            taken += bytes[to++];
        }
        return to;
    }

    private void shrink(long[] bytes, OutOfDeviceMemoryException e) {
        if (bytes.length == 1) {
            throw new OutOfDeviceMemoryException(String.format(Locale.ROOT,
                    "device '%s' has no memory for a single row of this input, which takes about %d MiB beside the"
                            + " %d MiB in use; shorten the input, ask for precision bf16 where the device has it, or"
                            + " use another device (%s)",
                    ops.device(), mebibytes(bytes[0]), mebibytes(ops.liveBytes()), e.getMessage()), e);
        }
        // Half of it, but no less than half its rows where they are alike, and less than all of it where they are not.
        room = (Arrays.stream(bytes).sum() + Arrays.stream(bytes).max().orElseThrow()) / 2;
        progress.notice(String.format(Locale.ROOT, "device '%s' has no memory for %d points at once; going on with %d,"
                + " which changes the speed, not the result", ops.device(), bytes.length,
                Math.ceilDiv(bytes.length, 2)));
    }

    private static long mebibytes(long bytes) {
        return Math.ceilDiv(bytes, 1L << 20);
    }
}
