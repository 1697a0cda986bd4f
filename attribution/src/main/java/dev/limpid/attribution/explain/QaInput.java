package dev.limpid.attribution.explain;

import dev.limpid.attribution.explain.TokenAttribution.Source;
import dev.limpid.bert.BertBatch;
import dev.limpid.tokenizer.Encoding;
import dev.limpid.tokenizer.Span;
import dev.limpid.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A question and a stretch of context as the model reads them: {@code [CLS] question [SEP] context [SEP]}.
 *
 * @param batch one row
 * @param tokens token strings
 * @param sources which text each stands in
 * @param spans where it stands there; null for special tokens
 */
record QaInput(BertBatch batch, List<String> tokens, List<Source> sources, List<Span> spans) {
    QaInput {
        tokens = List.copyOf(tokens);
        sources = List.copyOf(sources);
        spans = Collections.unmodifiableList(new ArrayList<>(spans));
    }

    /** As the tokenizer's pair encoding has it, with the segments the model was trained with. */
    static QaInput of(Encoding encoding) {
        List<Source> sources = new ArrayList<>();
        for (int t = 0; t < encoding.length(); t++) {
            sources.add(switch (encoding.sequence(t)) {
                case 0 -> Source.QUESTION;
                case 1 -> Source.CONTEXT;
                default -> Source.SPECIAL;
            });
        }
        return new QaInput(BertBatch.of(encoding.ids(), encoding.typeIds()), encoding.tokens(), sources,
                encoding.spans());
    }

    /**
     * As transformers-interpret builds it: question and context encoded one by one and put together, and the segment of a token 0 up to the index
     * that is the question's length. That index is the question's last token: the first [SEP] falls into segment 1.
     */
    static QaInput transformersInterpret(Tokenizer tokenizer, Encoding question, Encoding context) {
        List<String> tokens = new ArrayList<>();
        List<Source> sources = new ArrayList<>();
        List<Span> spans = new ArrayList<>();
        int length = question.length() + context.length() + 3;
        int[] ids = new int[length];
        int[] typeIds = new int[length];
        special(tokenizer, tokenizer.clsId(), ids, tokens, sources, spans);
        append(question, Source.QUESTION, ids, tokens, sources, spans);
        special(tokenizer, tokenizer.sepId(), ids, tokens, sources, spans);
        append(context, Source.CONTEXT, ids, tokens, sources, spans);
        special(tokenizer, tokenizer.sepId(), ids, tokens, sources, spans);
        for (int t = question.length() + 1; t < length; t++) {
            typeIds[t] = 1;
        }
        return new QaInput(BertBatch.of(ids, typeIds), tokens, sources, spans);
    }

    private static void special(Tokenizer tokenizer, int id, int[] ids, List<String> tokens, List<Source> sources,
            List<Span> spans) {
        ids[tokens.size()] = id;
        tokens.add(tokenizer.token(id));
        sources.add(Source.SPECIAL);
        spans.add(null);
    }

    private static void append(Encoding text, Source source, int[] ids, List<String> tokens, List<Source> sources,
            List<Span> spans) {
        for (int t = 0; t < text.length(); t++) {
            ids[tokens.size()] = text.id(t);
            tokens.add(text.token(t));
            sources.add(source);
            spans.add(text.span(t));
        }
    }

    /** T. */
    int length() {
        return tokens.size();
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

    /** The ids with every token that is not special replaced. */
    int[] idsWith(int replacement) {
        int[] ids = batch.ids().clone();
        for (int t = 0; t < ids.length; t++) {
            if (!isSpecial(t)) {
                ids[t] = replacement;
            }
        }
        return ids;
    }
}
