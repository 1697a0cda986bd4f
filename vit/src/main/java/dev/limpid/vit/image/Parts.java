package dev.limpid.vit.image;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A file put together from what a decoder needs of another one.
 *
 * <p>
 * The decoders see no metadata: they would apply colour profiles, refuse a whole image for one odd comment, or unpack a bomb from a text.
 */
final class Parts {
    private final List<InputStream> parts = new ArrayList<>();

    Parts add(byte[] bytes) {
        return add(bytes, 0, bytes.length);
    }

    Parts add(byte[] bytes, int from, int length) {
        parts.add(new ByteArrayInputStream(bytes, from, length));
        return this;
    }

    ImageInputStream open() {
        return new MemoryCacheImageInputStream(new SequenceInputStream(Collections.enumeration(parts)));
    }
}
