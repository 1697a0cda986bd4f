package dev.limpid.bench;

/** A benchmark cannot run or computed something wrong; the message is one sentence for the user. */
public final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BenchException(String message) {
        super(message);
    }
}
