package dev.limpid.tokenizer;

/**
 * Splits a word into the longest pieces that the vocabulary knows, from left to right.
 *
 * <p>A word that is longer than {@code maxCharsPerWord} code points, or that has a part which no piece begins, becomes
 * one unknown token. Takes time proportional to the word's length times the longest piece's.
 */
final class WordPiece {
    private final PieceTrie trie = new PieceTrie();
    private final String[] tokens;
    private final int[] ids;
    /** The node below which pieces that continue a word hang, or {@link PieceTrie#NONE}. */
    private final int continuing;
    private final int maxCharsPerWord;
    private final int unknownId;
    private final String unknownToken;

    WordPiece(Vocabulary vocabulary, String unknownToken, String continuingPrefix, int maxCharsPerWord) {
        tokens = new String[vocabulary.size()];
        ids = new int[vocabulary.size()];
        int entry = 0;
        for (var token : vocabulary.entries().entrySet()) {
            tokens[entry] = token.getKey();
            ids[entry] = token.getValue();
            trie.put(token.getKey(), entry);
            entry++;
        }
        this.continuing = trie.node(continuingPrefix);
        this.maxCharsPerWord = maxCharsPerWord;
        this.unknownToken = unknownToken;
        this.unknownId = vocabulary.id(unknownToken).orElseThrow();
    }

    /** Adds the pieces of the word between two indices of {@code text}, all with the word index {@code word}. */
    void tokenize(AlignedText text, int from, int to, int word, Pieces out) {
        int sizeBefore = out.size();
        boolean known = to - from <= maxCharsPerWord;
        for (int start = from; known && start < to;) {
            int node = start == from ? PieceTrie.ROOT : continuing;
            int piece = PieceTrie.NONE;
            int pieceEnd = start;
            for (int i = start; i < to && node != PieceTrie.NONE; i++) {
                node = trie.child(node, text.codePoint(i));
                if (node != PieceTrie.NONE && trie.value(node) != PieceTrie.NONE) {
                    piece = trie.value(node);
                    pieceEnd = i + 1;
                }
            }
            known = piece != PieceTrie.NONE;
            if (known) {
                out.add(ids[piece], tokens[piece], text.start(start), text.end(pieceEnd - 1), word);
                start = pieceEnd;
            }
        }
        if (!known) {
            out.truncate(sizeBefore);
            out.add(unknownId, unknownToken, text.start(from), text.end(to - 1), word);
        }
    }
}
