package dev.limpid.bert;

import java.util.Locale;

/** How the vectors of a text's tokens make one for the text. */
public enum Pooling {
    /** Their mean, special tokens included: what most sentence-transformers do. */
    MEAN,
    /** That of the first token, [CLS]. */
    CLS;

    /** The name used in options: {@code mean}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
