package dev.limpid.attribution;

import dev.limpid.tensor.Ops;
import dev.limpid.tensor.OutOfDeviceMemoryException;
import dev.limpid.tensor.Workspace;
import java.util.List;
import java.util.Locale;

/**
 * Takes rows through a network some at a time: as many as the options allow, and fewer from where the device runs out of memory. Rows do not interact, so
 * that this changes nothing but memory and speed. Belongs to one thread.
 */
public final class Chunks {
    private final Ops ops;
    private final long bytesPerRow;
    private final Progress progress;
    private int most;

    /**
     * Chunks as large as {@code options} allow.
     *
     * @param bytesPerRow about what a row takes
     */
    public Chunks(Ops ops, long bytesPerRow, RunOptions options) {
        this.ops = ops;
        this.bytesPerRow = bytesPerRow;
        this.progress = options.progress();
        this.most = options.internalBatchSize() > 0
                ? options.internalBatchSize()
                : Math.clamp(options.memoryBudget(ops) / bytesPerRow, 1, Integer.MAX_VALUE);
    }

    /** Chunks of rows of {@code model}, as large as {@code options} allow. */
    static Chunks of(PathModel model, RunOptions options) {
        return new Chunks(model.ops(), model.bytesPerRow(), options);
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

    /** Rows that go at once at most. */
    public int most() {
        return most;
    }

    /**
     * Does {@code rows} rows in order.
     *
     * @param workspaces what {@code body} computes in; emptied before each chunk
     * @throws OutOfDeviceMemoryException if the device has not the memory for a single row
     */
    public void run(int rows, List<Workspace> workspaces, Body body) {
        int size = equal(rows);
        for (int from = 0; from < rows;) {
            int to = Math.min(rows, from + size);
            workspaces.forEach(Workspace::reset);
            try {
                body.rows(from, to);
                from = to;
            } catch (OutOfDeviceMemoryException e) {
                workspaces.forEach(Workspace::trim);
                shrink(to - from, e);
                size = equal(rows - from);
            }
        }
    }

    /**
     * 50 rows where 32 have room go as 25 and 25, not as 32 and 18: that takes no more passes and less memory, and a device that records the operations of a chunk
     * can replay them for the next one only if it is of the same size.
     */
    private int equal(int rows) {
        return Math.ceilDiv(rows, Math.max(1, Math.ceilDiv(rows, most)));
    }

    private void shrink(int rows, OutOfDeviceMemoryException e) {
        if (rows == 1) {
            throw new OutOfDeviceMemoryException(String.format(Locale.ROOT,
                    "device '%s' has no memory for a single row of this input, which takes about %d MiB beside the"
                            + " %d MiB in use; shorten the input, ask for precision bf16 where the device has it, or"
                            + " use another device (%s)",
                    ops.device(), mebibytes(bytesPerRow), mebibytes(ops.liveBytes()), e.getMessage()), e);
        }
        most = Math.ceilDiv(rows, 2);
        progress.notice(String.format(Locale.ROOT, "device '%s' has no memory for %d points at once; going on with %d,"
                + " which changes the speed, not the result", ops.device(), rows, most));
    }

    private static long mebibytes(long bytes) {
        return Math.ceilDiv(bytes, 1L << 20);
    }
}
