package dev.limpid.tokenizer;

/**
 * Says in one sentence why a tokenizer cannot be loaded or a text cannot be encoded as asked: the file or option, what
 * was expected, what was found, and the remedy.
 */
public final class TokenizerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An error with no other cause. */
    public TokenizerException(String message) {
        super(message);
    }

    /** An error that another one caused, for instance an unreadable file. */
    public TokenizerException(String message, Throwable cause) {
        super(message, cause);
    }
}
