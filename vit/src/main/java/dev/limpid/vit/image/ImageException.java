package dev.limpid.vit.image;

/** An image that cannot be used; the message is one sentence for a person, naming the file, what was found, and the remedy. */
public final class ImageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ImageException(String message) {
        super(message);
    }

    public ImageException(String message, Throwable cause) {
        super(message, cause);
    }
}
