package dev.limpid.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.limpid.tokenizer.Encoding;
import dev.limpid.tokenizer.Span;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code limpid tokenize}: what a model's tokenizer makes of a text. */
@Command(name = "tokenize", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false, description = "Cut a text, or a pair of texts, into a model's tokens, with special tokens and without truncation.", optionListHeading = "%nOptions:%n", footerHeading = "%nExamples:%n", footer = {
        "  limpid tokenize --text \"Natural language\"",
        "  limpid tokenize --model my-bert --text \"A question?\" --pair \"Its context.\" --json -"})
final class TokenizeCommand implements Runnable {
    private final Terminal terminal;

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Option(names = "--text", paramLabel = "T", required = true, description = "The text.")
    private String text;

    @Option(names = "--pair", paramLabel = "T2", description = "A second text.")
    private String pair;

    @Option(names = "--json", paramLabel = "FILE", description = "Write ids, tokens, typeIds and offsets (in code points) as JSON; - for standard output.")
    private String json;

    TokenizeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        Arguments.requireDecoded("--text", text);
        Arguments.requireDecoded("--pair", pair == null ? "" : pair);
        Outputs outputs = Outputs.of(json, List.of());
        Encoding encoding = pair == null ? model.tokenizer().encode(text) : model.tokenizer().encode(text, pair);
        List<Span> offsets = offsets(encoding);
        if (json == null) {
            terminal.print(table(encoding, offsets));
        } else {
            outputs.write(terminal, _ -> document(encoding, offsets).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Where each token stands in its text, in code points; null for special tokens. */
    private List<Span> offsets(Encoding encoding) {
        List<Span> offsets = new ArrayList<>();
        for (int t = 0; t < encoding.length(); t++) {
            Span span = encoding.span(t);
            offsets.add(span == null ? null : span.inCodePoints(encoding.sequence(t) == 0 ? text : pair));
        }
        return offsets;
    }

    private static String document(Encoding encoding, List<Span> offsets) {
        ObjectNode document = new ObjectMapper().createObjectNode();
        ArrayNode ids = document.putArray("ids");
        ArrayNode tokens = document.putArray("tokens");
        ArrayNode typeIds = document.putArray("typeIds");
        ArrayNode spans = document.putArray("offsets");
        for (int t = 0; t < encoding.length(); t++) {
            ids.add(encoding.id(t));
            tokens.add(encoding.token(t));
            typeIds.add(encoding.typeIds()[t]);
            Span span = offsets.get(t);
            if (span == null) {
                spans.addNull();
            } else {
                spans.addArray().add(span.start()).add(span.end());
            }
        }
        return document + "\n";
    }

    private static String table(Encoding encoding, List<Span> offsets) {
        StringBuilder table = new StringBuilder("     id  type  offsets    token\n");
        int[] typeIds = encoding.typeIds();
        for (int t = 0; t < encoding.length(); t++) {
            Span span = offsets.get(t);
            table.append("%7d  %4d  %-9s  %s%n".formatted(encoding.id(t), typeIds[t],
                    span == null ? "" : span.start() + "-" + span.end(), encoding.token(t)));
        }
        return table.toString();
    }
}
