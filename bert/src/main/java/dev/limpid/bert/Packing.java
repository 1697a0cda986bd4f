package dev.limpid.bert;

import dev.limpid.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How token sequences of several lengths lie one after the other in a tensor (1, N, C), without padding: groups of rows of one length each. Attention goes by the rows; all
 * else in a network goes by tokens, whose sequence it need not know.
 *
 * <p>A tensor (B, T, C) is one group of B rows, {@link #of}.
 */
public record Packing(List<Group> groups) {
    public Packing {
        groups = List.copyOf(groups);
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("a packing needs at least one group of rows");
        }
    }

    /**
     * Rows of one length.
     *
     * @param rows how many
     * @param length T
     * @param tokens of each row, whose logits a head with logits for every token shall compute, in this order; null for all. Other heads know themselves what they read
     */
    public record Group(int rows, int length, int[] tokens) {
        public Group {
            if (rows < 1 || length < 1) {
                throw new IllegalArgumentException(
                        "a group needs at least one row and one token, not " + rows + " × " + length);
            }
            if (tokens != null && (tokens.length == 0 || Arrays.stream(tokens).anyMatch(t -> t < 0 || t >= length))) {
                throw new IllegalArgumentException("the tokens " + Arrays.toString(tokens)
                        + " are not in rows of " + length + " tokens");
            }
        }

        /** Rows of which all tokens are wanted. */
        public static Group of(int rows, int length) {
            return new Group(rows, length, null);
        }

        /** How many tokens of a row are wanted. */
        public int wanted() {
            return tokens == null ? length : tokens.length;
        }
    }

    /** {@code rows} rows of {@code length} tokens, as in a tensor (B, T, C). */
    public static Packing of(int rows, int length) {
        return new Packing(List.of(Group.of(rows, length)));
    }

    /** All rows. */
    public int rows() {
        return groups.stream().mapToInt(Group::rows).sum();
    }

    /** N, the tokens of all rows. */
    public int tokens() {
        return groups.stream().mapToInt(group -> group.rows() * group.length()).reduce(0, Math::addExact);
    }

    /**
     * The part of {@code x} (…, C), which has N tokens, that each group has: views (rows, length, C).
     *
     * @throws IllegalArgumentException if it has not N tokens
     */
    public List<Tensor> split(Tensor x) {
        int columns = x.shape().columns();
        if (x.shape().rows() != tokens()) {
            throw new IllegalArgumentException(
                    "a packing of " + tokens() + " tokens does not describe a tensor of shape " + x.shape());
        }
        Tensor flat = x.reshape(Math.toIntExact(x.shape().rows()), columns);
        List<Tensor> parts = new ArrayList<>();
        int from = 0;
        for (Group group : groups) {
            int to = from + group.rows() * group.length();
            parts.add(flat.rows(from, to).reshape(group.rows(), group.length(), columns));
            from = to;
        }
        return parts;
    }
}
