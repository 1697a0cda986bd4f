package dev.limpid.bench;

import java.util.List;

/** Something {@code bench.jar} measures; it checks the answers of what it times. */
public interface Benchmark {
    /** What {@code --only} takes. */
    String name();

    /** One line for {@code --help}. */
    String description();

    /** Whether it is left out where nobody asks for it by name. */
    default boolean onlyWhenAskedFor() {
        return false;
    }

    /**
     * Measures.
     *
     * @throws BenchException where it cannot run here, or an answer is wrong
     */
    List<Table> run(BenchContext context);
}
