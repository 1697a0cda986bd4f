package dev.limpid.kernels;

/** How many groups of work-items run, in three directions; the size of a group is in the kernel's text. */
public record Grid(int x, int y, int z) {
    public Grid {
        if (x < 1 || y < 1 || z < 1) {
            throw new IllegalArgumentException(
                    "a grid needs at least one group in each direction, not " + x + " × " + y + " × " + z);
        }
    }

    public static Grid of(int x) {
        return new Grid(x, 1, 1);
    }

    public static Grid of(int x, int y) {
        return new Grid(x, y, 1);
    }

    /** Groups of {@code size} that cover {@code n} items. */
    public static int cover(long n, int size) {
        return Math.toIntExact((n + size - 1) / size);
    }
}
