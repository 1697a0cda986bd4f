package dev.limpid.cli;

/**
 * What {@code limpid qa} is asked.
 *
 * @param question the question
 * @param context where its answer stands
 * @param isExample whether it is the built-in example
 */
record Question(String question, String context, boolean isExample) {
    /** One the embedded model answers rightly; the notebook's it answers only in half: docs/decisions/0011-first-example.md. */
    static final Question EXAMPLE = new Question("Where is the Eiffel Tower?",
            "The Eiffel Tower, built in 1889 by the company of Gustave Eiffel, stands on the Champ de Mars in Paris, France.",
            true);
}
