package dev.limpid.attribution;

import dev.limpid.tensor.Ops;

/**
 * How much a computation may take, and who is told how far it has come.
 *
 * @param internalBatchSize rows in one pass at most; 0 to follow the memory budget
 * @param memoryBudget bytes a pass may take; 0 for what the device suggests; a single row is always computed
 * @param progress told of the passes done
 */
public record RunOptions(int internalBatchSize, long memoryBudget, Progress progress) {
    /** As many rows as the device suggests, nobody told. */
    public static final RunOptions DEFAULT = new RunOptions(0, 0, Progress.NONE);

    public RunOptions {
        if (internalBatchSize < 0 || memoryBudget < 0) {
            throw new IllegalArgumentException("internalBatchSize and memoryBudget must not be negative");
        }
    }

    /** Bytes that a pass on this device may take. */
    public long memoryBudget(Ops ops) {
        return memoryBudget > 0 ? memoryBudget : ops.memoryBudget();
    }

    public RunOptions withProgress(Progress value) {
        return new RunOptions(internalBatchSize, memoryBudget, value);
    }
}
