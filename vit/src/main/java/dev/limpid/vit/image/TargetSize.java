package dev.limpid.vit.image;

/** The size that the processor resizes to, which may depend on the image's own ({@code image_transforms.py} of transformers). */
public sealed interface TargetSize {
    /** The same for every image, whatever its proportions. */
    record Exact(int height, int width) implements TargetSize {
        @Override
        public Extent of(long height, long width) {
            return new Extent(this.height, this.width);
        }
    }

    /** The shorter side gets this length, the other follows in proportion, rounded down. */
    record ShortestEdge(int shortest) implements TargetSize {
        @Override
        public Extent of(long height, long width) {
            long shorter = Math.min(height, width);
            long longer = (long) ((double) (shortest * Math.max(height, width)) / shorter);
            return width <= height ? new Extent(longer, shortest) : new Extent(shortest, longer);
        }
    }

    /** The shorter side gets {@code shortest}, or less where the longer one would be beyond {@code longest} otherwise. */
    record EdgeRange(int shortest, int longest) implements TargetSize {
        @Override
        public Extent of(long height, long width) {
            double shorter = Math.min(height, width);
            double longer = Math.max(height, width);
            double exact = shortest;
            long edge = shortest;
            if (longer / shorter * shortest > longest) {
                exact = longest * shorter / longer;
                edge = (long) Math.rint(exact);
            }
            if (edge == Math.min(height, width)) {
                return new Extent(height, width);
            }
            return width < height
                    ? new Extent((long) (exact * height / width), edge)
                    : new Extent(edge, (long) (exact * width / height));
        }
    }

    /** Height and width of a result, in pixels. */
    record Extent(long height, long width) {}

    /** The size of the result for an image of this size. */
    Extent of(long height, long width);
}
