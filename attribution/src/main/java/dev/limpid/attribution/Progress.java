package dev.limpid.attribution;

/** Told how far a long computation has come. */
@FunctionalInterface
public interface Progress {
    /** Told nothing. */
    Progress NONE = (_, _) -> {};

    /** {@code done} of {@code total} steps of work are finished; {@code total} may grow when more work is found. */
    void update(long done, long total);
}
