package dev.limpid.attribution;

/** Told how far a long computation has come. */
@FunctionalInterface
public interface Progress {
    /** Told nothing. */
    Progress NONE = (_, _) -> {};

    /** {@code done} of {@code total} steps of work are finished; {@code total} may grow when more work is found. */
    void update(long done, long total);

    /** What part {@code part} (from 0) of {@code parts} equally long ones is told, so that this is told of the whole. */
    default Progress part(int part, int parts) {
        return (done, total) -> update(part * total + done, parts * total);
    }
}
