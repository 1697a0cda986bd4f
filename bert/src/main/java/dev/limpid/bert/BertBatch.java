package dev.limpid.bert;

import dev.limpid.tokenizer.Encoding;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A batch of token sequences, padded to one length; each array is (B, T), row after row.
 *
 * @param batch B
 * @param length T
 * @param ids token ids
 * @param typeIds segment of each token
 * @param positionIds position of each token
 * @param attentionMask 1 for a token, 0 for padding
 */
public record BertBatch(int batch, int length, int[] ids, int[] typeIds, int[] positionIds, int[] attentionMask) {
    public BertBatch {
        int size = batch * length;
        if (batch < 1 || length < 1) {
            throw new IllegalArgumentException(
                    "a batch needs at least one row and one token, not " + batch + " × " + length);
        }
        for (int[] values : List.of(ids, typeIds, positionIds, attentionMask)) {
            if (values.length != size) {
                throw new IllegalArgumentException(
                        "a batch of " + batch + " × " + length + " needs " + size + " values, not "
                                + values.length);
            }
        }
        for (int b = 0; b < batch; b++) {
            if (Arrays.stream(attentionMask, b * length, (b + 1) * length).allMatch(m -> m == 0)) {
                throw new IllegalArgumentException("row " + b + " of the batch has no token to attend to");
            }
        }
    }

    /** One row, nothing masked, positions counted from 0. */
    public static BertBatch of(int[] ids, int[] typeIds) {
        int[] mask = new int[ids.length];
        Arrays.fill(mask, 1);
        return new BertBatch(1, ids.length, ids, typeIds, positions(1, ids.length), mask);
    }

    /** The encodings as rows, padded at their ends with {@code padTokenId}. */
    public static BertBatch of(List<Encoding> encodings, int padTokenId) {
        int batch = encodings.size();
        int length = encodings.stream().mapToInt(e -> e.ids().length).max().orElse(0);
        int[] ids = new int[batch * length];
        int[] typeIds = new int[batch * length];
        int[] mask = new int[batch * length];
        Arrays.fill(ids, padTokenId);
        for (int b = 0; b < batch; b++) {
            Encoding encoding = encodings.get(b);
            int tokens = encoding.ids().length;
            System.arraycopy(encoding.ids(), 0, ids, b * length, tokens);
            System.arraycopy(encoding.typeIds(), 0, typeIds, b * length, tokens);
            System.arraycopy(encoding.attentionMask(), 0, mask, b * length, tokens);
        }
        return new BertBatch(batch, length, ids, typeIds, positions(batch, length), mask);
    }

    /**
     * The tokens of several batches one after the other in one row, positions counted as before: what a {@link Packing} describes.
     *
     * @throws IllegalArgumentException if one is padded
     */
    static BertBatch packed(List<BertBatch> batches) {
        if (batches.stream().anyMatch(BertBatch::isPadded)) {
            throw new IllegalArgumentException("a padded batch cannot be packed; leave the padding out");
        }
        int[] ids = all(batches, BertBatch::ids);
        return new BertBatch(1, ids.length, ids, all(batches, BertBatch::typeIds), all(batches, BertBatch::positionIds),
                all(batches, BertBatch::attentionMask));
    }

    private static int[] all(List<BertBatch> batches, Function<BertBatch, int[]> values) {
        return batches.stream().flatMapToInt(batch -> Arrays.stream(values.apply(batch))).toArray();
    }

    /** Whether some key of some row is masked. */
    public boolean isPadded() {
        return Arrays.stream(attentionMask).anyMatch(m -> m == 0);
    }

    private static int[] positions(int batch, int length) {
        int[] positions = new int[batch * length];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = i % length;
        }
        return positions;
    }
}
