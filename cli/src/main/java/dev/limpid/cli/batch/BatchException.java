package dev.limpid.cli.batch;

/** A file that cannot be read as inputs or continued as output; the message is one sentence with the cause and the remedy. */
public final class BatchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BatchException(String message) {
        super(message);
    }

    BatchException(String message, Throwable cause) {
        super(message, cause);
    }
}
