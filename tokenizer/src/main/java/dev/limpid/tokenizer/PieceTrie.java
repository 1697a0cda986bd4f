package dev.limpid.tokenizer;

import java.util.Arrays;

/**
 * Strings by their code points, for longest-prefix search without building substrings.
 *
 * <p>All transitions of all nodes share one open-addressing hash table keyed by (node, code point), so that a step costs
 * one probe and no allocation. Filled first and only read afterwards, it may be used by any number of threads.
 */
final class PieceTrie {
    static final int ROOT = 0;
    /** No such node, or no string ends at this node. */
    static final int NONE = -1;

    private static final int CODE_POINT_BITS = 21;
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    /** (node, code point) + 1, or 0 where the slot is free. */
    private long[] keys = new long[1024];
    private int[] targets = new int[1024];
    private int shift = Long.SIZE - 10;
    private int[] values = {NONE};
    private int nodes = 1;

    /** Stores {@code value} under {@code key}, replacing what was there; returns the former value or {@link #NONE}. */
    int put(String key, int value) {
        int node = ROOT;
        for (int i = 0; i < key.length();) {
            int codePoint = key.codePointAt(i);
            i += Character.charCount(codePoint);
            int target = child(node, codePoint);
            node = target == NONE ? addChild(node, codePoint) : target;
        }
        int former = values[node];
        values[node] = value;
        return former;
    }

    /** The node reached from {@link #ROOT} by {@code path}, or {@link #NONE}. */
    int node(String path) {
        int node = ROOT;
        for (int i = 0; i < path.length() && node != NONE;) {
            int codePoint = path.codePointAt(i);
            i += Character.charCount(codePoint);
            node = child(node, codePoint);
        }
        return node;
    }

    int child(int node, int codePoint) {
        long key = key(node, codePoint);
        int mask = keys.length - 1;
        for (int slot = slot(key);; slot = slot + 1 & mask) {
            if (keys[slot] == key) {
                return targets[slot];
            }
            if (keys[slot] == 0) {
                return NONE;
            }
        }
    }

    /** The value of the string that ends at {@code node}, or {@link #NONE}. */
    int value(int node) {
        return values[node];
    }

    private static long key(int node, int codePoint) {
        return ((long) node << CODE_POINT_BITS | codePoint) + 1;
    }

    private int slot(long key) {
        return (int) ((key * MULTIPLIER) >>> shift);
    }

    private int addChild(int node, int codePoint) {
        if (2 * nodes >= keys.length) {
            grow();
        }
        if (nodes == values.length) {
            values = Arrays.copyOf(values, 2 * nodes);
        }
        values[nodes] = NONE;
        insert(key(node, codePoint), nodes);
        return nodes++;
    }

    private void insert(long key, int target) {
        int mask = keys.length - 1;
        int slot = slot(key);
        while (keys[slot] != 0) {
            slot = slot + 1 & mask;
        }
        keys[slot] = key;
        targets[slot] = target;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldTargets = targets;
        keys = new long[2 * oldKeys.length];
        targets = new int[keys.length];
        shift--;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                insert(oldKeys[i], oldTargets[i]);
            }
        }
    }
}
