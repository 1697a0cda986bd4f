package dev.limpid.cuda;

import java.util.Optional;

/** Makes executables of what is given to a stream. */
interface Graphs {
    /**
     * Records what {@code sequence} gives to the stream instead of doing it.
     *
     * @return empty if the stream cannot record it
     */
    Optional<Executable> capture(Runnable sequence);

    /** A recorded sequence. */
    interface Executable {
        /** Does it, after all work given before. */
        void launch();

        /** Frees it; work under way is finished. */
        void destroy();
    }
}
