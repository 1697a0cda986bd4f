package dev.limpid.attribution;

/**
 * How much a computation may take, and who is told how far it has come.
 *
 * @param internalBatchSize rows in one pass; 0 to follow the memory budget
 * @param memoryBudget bytes a pass may take; a single row is always computed
 * @param progress told of the passes done
 */
public record RunOptions(int internalBatchSize, long memoryBudget, Progress progress) {
    /** As many rows as {@link PathEngine#DEFAULT_MEMORY_BUDGET} allows, nobody told. */
    public static final RunOptions DEFAULT = new RunOptions(0, PathEngine.DEFAULT_MEMORY_BUDGET, Progress.NONE);

    public RunOptions {
        if (internalBatchSize < 0 || memoryBudget < 1) {
            throw new IllegalArgumentException("internalBatchSize must not be negative, memoryBudget must be positive");
        }
    }

    /** Rows that one pass of {@code model} may take. */
    public int chunkRows(PathModel model) {
        return internalBatchSize > 0
                ? internalBatchSize
                : Math.clamp(memoryBudget / model.bytesPerRow(), 1, Integer.MAX_VALUE);
    }

    public RunOptions withProgress(Progress value) {
        return new RunOptions(internalBatchSize, memoryBudget, value);
    }
}
