package dev.limpid.tokenizer;

import java.util.List;

/** Turns token strings back into text, as the library's WordPiece decoder with clean-up does. */
final class Decoder {
    /** Replaced in this order, within each token and the space before it. */
    private static final String[][] CLEAN_UP = {{" .", "."}, {" ?", "?"}, {" !", "!"}, {" ,", ","}, {" ' ", "'"},
            {" n't", "n't"}, {" 'm", "'m"}, {" do not", " don't"}, {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"}};

    private Decoder() {}

    static String decode(List<String> tokens, String continuingPrefix) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            if (i > 0) {
                token = token.startsWith(continuingPrefix) ? token.substring(continuingPrefix.length()) : " " + token;
            }
            for (String[] replacement : CLEAN_UP) {
                token = token.replace(replacement[0], replacement[1]);
            }
            text.append(token);
        }
        return text.toString();
    }
}
