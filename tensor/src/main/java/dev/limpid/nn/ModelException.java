package dev.limpid.nn;

/** A checkpoint that is not what its configuration says, or is not supported; the message is one sentence for a person. */
public final class ModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ModelException(String message) {
        super(message);
    }

    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
