package dev.limpid.attribution;

/** Told how far a long computation has come. */
@FunctionalInterface
public interface Progress {
    /** Told nothing. */
    Progress NONE = (_, _) -> {};

    /**
     * {@code done} of {@code total} steps of work are finished; {@code total} may grow when more work is found, {@code done} falls back where work has to be done
     * again.
     */
    void update(long done, long total);

    /** Something a person may want to know that changes nothing about the result, such as a device with less memory than it was thought to have. */
    default void notice(String sentence) {}

    /** What part {@code part} (from 0) of {@code parts} equally long ones is told, so that this is told of the whole. */
    default Progress part(int part, int parts) {
        Progress whole = this;
        return new Progress() {
            @Override
            public void update(long done, long total) {
                whole.update(part * total + done, parts * total);
            }

            @Override
            public void notice(String sentence) {
                whole.notice(sentence);
            }
        };
    }
}
