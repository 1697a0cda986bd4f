package dev.limpid.attribution.render;

/** Text and attribute values of HTML documents. */
public final class Html {
    private Html() {}

    /**
     * {@code text} as the content of an element or of a double-quoted attribute: {@code & < > "} escaped, and what HTML cannot hold (controls,
     * noncharacters, unpaired surrogates) replaced by U+FFFD.
     */
    public static String escape(String text) {
        return VisibleText.forMarkup(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /**
     * {@code text}, escaped, in an inline element that takes its direction from it and keeps it from reordering what stands around it.
     *
     * <p>The language of a text is not known, which an empty {@code lang} says; otherwise it would be taken for English, the page's own.
     */
    public static String isolated(String element, String text) {
        return "<" + element + " lang=\"\" dir=\"auto\">" + escape(text) + "</" + element + ">";
    }
}
