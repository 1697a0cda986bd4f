package dev.limpid.attribution.explain;

import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.bert.BertBatch;
import dev.limpid.tokenizer.Encoding;
import dev.limpid.tokenizer.Span;
import dev.limpid.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One text, or two, as the model reads them: {@code [CLS] text [SEP]} or {@code [CLS] first [SEP] second [SEP]}.
 *
 * @param batch one row
 * @param tokens token strings
 * @param sources which text each stands in
 * @param spans where it stands there; null for special tokens
 * @param kept tokens that stay as they are all along the path: the special ones, and what is not to be explained
 * @param read tokens whose logits are asked for, of a model with logits for every token; null for all
 */
record TextInput(BertBatch batch, List<String> tokens, List<Source> sources, List<Span> spans, BitSet kept,
        int[] read) {
    TextInput(BertBatch batch, List<String> tokens, List<Source> sources, List<Span> spans, BitSet kept) {
        this(batch, tokens, sources, spans, kept, null);
    }

    TextInput {
        tokens = List.copyOf(tokens);
        sources = List.copyOf(sources);
        spans = Collections.unmodifiableList(new ArrayList<>(spans));
        kept = (BitSet) kept.clone();
    }

    /** A text to be put between special tokens: its encoding without any, and what it is. */
    record Part(Encoding encoding, Source source) {}

    /** As the tokenizer's encoding of one or two texts has it, with the segments the model was trained with; {@code sources} names the texts. */
    static TextInput of(Encoding encoding, Source... sources) {
        List<Source> perToken = new ArrayList<>();
        BitSet kept = new BitSet();
        for (int t = 0; t < encoding.length(); t++) {
            int sequence = encoding.sequence(t);
            perToken.add(sequence < 0 ? Source.SPECIAL : sources[sequence]);
            kept.set(t, sequence < 0);
        }
        return new TextInput(BertBatch.of(encoding.ids(), encoding.typeIds()), encoding.tokens(), perToken,
                encoding.spans(), kept);
    }

    /**
     * As transformers-interpret builds it: texts encoded one by one and put together, and the segment of a token 0 up to the index {@code lastOfFirst}, 1 after it.
     *
     * <p>That index is mostly the length of the first text, which is the index of its last token: the [SEP] that closes it falls into segment 1.
     */
    static TextInput transformersInterpret(Tokenizer tokenizer, int lastOfFirst, Part... parts) {
        List<String> tokens = new ArrayList<>();
        List<Source> sources = new ArrayList<>();
        List<Span> spans = new ArrayList<>();
        List<Integer> ids = new ArrayList<>();
        BitSet kept = new BitSet();
        for (int p = -1; p < parts.length; p++) {
            if (p >= 0) {
                Encoding text = parts[p].encoding();
                for (int t = 0; t < text.length(); t++) {
                    ids.add(text.id(t));
                    sources.add(parts[p].source());
                }
                tokens.addAll(text.tokens());
                spans.addAll(text.spans());
            }
            kept.set(ids.size());
            ids.add(p < 0 ? tokenizer.clsId() : tokenizer.sepId());
            tokens.add(tokenizer.token(ids.getLast()));
            sources.add(Source.SPECIAL);
            spans.add(null);
        }
        int[] typeIds = new int[ids.size()];
        for (int t = lastOfFirst + 1; t < typeIds.length; t++) {
            typeIds[t] = 1;
        }
        return new TextInput(BertBatch.of(ids.stream().mapToInt(Integer::intValue).toArray(), typeIds), tokens, sources,
                spans, kept);
    }

    /** The same, with every token of one text staying as it is along the path. */
    TextInput keeping(Source source) {
        BitSet more = (BitSet) kept.clone();
        for (int t = 0; t < length(); t++) {
            if (sources.get(t) == source) {
                more.set(t);
            }
        }
        return new TextInput(batch, tokens, sources, spans, more, read);
    }

    /** The same, with some tokens staying as they are along the path. */
    TextInput keeping(int... positions) {
        BitSet more = (BitSet) kept.clone();
        for (int position : positions) {
            more.set(position);
        }
        return new TextInput(batch, tokens, sources, spans, more, read);
    }

    /** The same, with only the logits of some tokens asked for, in this order. */
    TextInput reading(int... positions) {
        return new TextInput(batch, tokens, sources, spans, kept, positions);
    }

    /** The same, with the spans of one of its texts referring to another text; {@code mapping} is never given null. */
    TextInput withSpans(Source source, UnaryOperator<Span> mapping) {
        List<Span> mapped = new ArrayList<>(spans);
        for (int t = 0; t < length(); t++) {
            if (sources.get(t) == source) {
                mapped.set(t, mapping.apply(spans.get(t)));
            }
        }
        return new TextInput(batch, tokens, sources, mapped, kept, read);
    }

    /** T. */
    int length() {
        return tokens.size();
    }

    /** Whether the token stays as it is along the path. */
    boolean isKept(int token) {
        return kept.get(token);
    }

    boolean isSpecial(int token) {
        return sources.get(token) == Source.SPECIAL;
    }

    boolean isContext(int token) {
        return sources.get(token) == Source.CONTEXT;
    }

    /** The stretch of context that the row holds; empty at 0 when it holds none. */
    Span contextSpan() {
        int first = sources.indexOf(Source.CONTEXT);
        int last = sources.lastIndexOf(Source.CONTEXT);
        return first < 0 ? new Span(0, 0) : new Span(spans.get(first).start(), spans.get(last).end());
    }

    /** The same text with another row in its place. */
    TextInput with(BertBatch row) {
        return new TextInput(row, tokens, sources, spans, kept, read);
    }

    /** The row with every token replaced that does not stay along the path. */
    BertBatch with(int replacement) {
        int[] ids = batch.ids().clone();
        for (int t = 0; t < ids.length; t++) {
            if (!isKept(t)) {
                ids[t] = replacement;
            }
        }
        return new BertBatch(1, length(), ids, batch.typeIds(), batch.positionIds(), batch.attentionMask());
    }
}
