package dev.limpid.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where special tokens stand around one or two sequences, and which segment everything is of.
 *
 * @param parts what follows what; holds each of the sequences exactly once
 */
record Template(List<Part> parts) {

    /** One element of a template. */
    sealed interface Part permits SequencePart, SpecialPart {}

    /** The tokens of text {@code sequence} (0 or 1). */
    record SequencePart(int sequence, int typeId) implements Part {}

    /** One special token. */
    record SpecialPart(int id, String token, int typeId) implements Part {}

    /** The tokens of one text from {@code from} to {@code to}. */
    record Range(Pieces pieces, int from, int to) {

        static Range whole(Pieces pieces) {
            return new Range(pieces, 0, pieces.size());
        }

        int length() {
            return to - from;
        }
    }

    Template {
        parts = List.copyOf(parts);
    }

    /** {@code [CLS] A [SEP]}, all of segment 0. */
    static Template single(SpecialPart cls, SpecialPart sep) {
        return new Template(List.of(cls, new SequencePart(0, 0), sep));
    }

    /** {@code [CLS] A [SEP] B [SEP]}, from B on of segment 1. */
    static Template pair(SpecialPart cls, SpecialPart sep) {
        return new Template(List.of(cls, new SequencePart(0, 0), sep, new SequencePart(1, 1),
                new SpecialPart(sep.id(), sep.token(), 1)));
    }

    /** How many special tokens the template adds. */
    int specialTokens() {
        return (int) parts.stream().filter(SpecialPart.class::isInstance).count();
    }

    /** The order in which the sequences follow each other, for instance {0, 1}. */
    int[] sequenceOrder() {
        return parts.stream().filter(SequencePart.class::isInstance).mapToInt(p -> ((SequencePart) p).sequence())
                .toArray();
    }

    /** Puts the ranges, indexed by sequence, into their places. */
    Encoding apply(List<Range> ranges, boolean addSpecialTokens) {
        int length = ranges.stream().mapToInt(Range::length).sum() + (addSpecialTokens ? specialTokens() : 0);
        Columns columns = new Columns(length);
        for (Part part : parts) {
            switch (part) {
                case SequencePart(int sequence, int typeId) -> columns.addText(ranges.get(sequence), sequence, typeId);
                case SpecialPart special -> {
                    if (addSpecialTokens) {
                        columns.addSpecial(special);
                    }
                }
            }
        }
        return columns.toEncoding();
    }

    /** An encoding in the making. */
    private static final class Columns {
        private final int[] ids;
        private final int[] typeIds;
        private final int[] specialTokensMask;
        private final int[] sequences;
        private final int[] words;
        private final List<String> tokens;
        private final List<Span> spans;
        private int size;

        Columns(int length) {
            ids = new int[length];
            typeIds = new int[length];
            specialTokensMask = new int[length];
            sequences = new int[length];
            words = new int[length];
            tokens = new ArrayList<>(length);
            spans = new ArrayList<>(length);
        }

        void addText(Range range, int sequence, int typeId) {
            Pieces pieces = range.pieces();
            for (int i = range.from(); i < range.to(); i++) {
                tokens.add(pieces.token(i));
                spans.add(pieces.span(i));
                add(pieces.id(i), typeId, 0, sequence, pieces.word(i));
            }
        }

        void addSpecial(SpecialPart special) {
            tokens.add(special.token());
            spans.add(null);
            add(special.id(), special.typeId(), 1, -1, -1);
        }

        private void add(int id, int typeId, int special, int sequence, int word) {
            ids[size] = id;
            typeIds[size] = typeId;
            specialTokensMask[size] = special;
            sequences[size] = sequence;
            words[size] = word;
            size++;
        }

        Encoding toEncoding() {
            int[] attentionMask = new int[size];
            Arrays.fill(attentionMask, 1);
            return new Encoding(ids, typeIds, attentionMask, specialTokensMask, tokens, spans, sequences, words);
        }
    }
}
