package dev.limpid.cli;

import picocli.CommandLine.Option;

/** The options that say how much memory an explanation may take; they change the speed, not the result. */
final class BudgetOptions {
    @Option(names = "--memory", paramLabel = "SIZE", converter = MemorySize.class, description = "Memory for the points computed at once, such as 512m or 2g (default: what suits the device);"
            + " changes the speed, not the result.")
    private Long memory;

    @Option(names = "--internal-batch-size", paramLabel = "N", defaultValue = "0", description = "Points computed at once, in place of --memory.")
    private int internalBatchSize;

    /** Bytes; 0 for what the device suggests. */
    long memory() {
        return memory == null ? 0 : memory;
    }

    /**
     * Points; 0 to follow the memory.
     *
     * @throws UsageException if it is negative
     */
    int internalBatchSize() {
        if (internalBatchSize < 0) {
            throw new UsageException("--internal-batch-size must be 1 or more, or 0 to follow --memory, not "
                    + internalBatchSize);
        }
        return internalBatchSize;
    }
}
