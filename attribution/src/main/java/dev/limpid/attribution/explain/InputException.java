package dev.limpid.attribution.explain;

/** An input that cannot be explained; the message is one sentence for a person, with the remedy. */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InputException(String message) {
        super(message);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
