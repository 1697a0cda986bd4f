package dev.limpid.vit.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** What {@code reference/images/make_image_fixtures.py} wrote. */
final class ImageFixtures {
    private ImageFixtures() {}

    static Path path(String name) {
        URL url = Objects.requireNonNull(ImageFixtures.class.getResource("/images/" + name), name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] bytes(String name) {
        try {
            return Files.readAllBytes(path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static RgbImage image(String name) {
        return ImageFile.read(path(name));
    }

    static List<JsonNode> cases(String folder) {
        try {
            List<JsonNode> cases = new ArrayList<>();
            new ObjectMapper().readTree(bytes(folder + "/cases.json")).forEach(cases::add);
            return cases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String sha256(float[] values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return sha256(buffer.array());
    }

    /** The largest difference of two bytes of images of the same size. */
    static int difference(RgbImage one, RgbImage other) {
        int largest = 0;
        for (int i = 0; i < one.rgb().length; i++) {
            largest = Math.max(largest, Math.abs((one.rgb()[i] & 0xFF) - (other.rgb()[i] & 0xFF)));
        }
        return largest;
    }

    /** The mean over all bytes of how far two images of the same size are apart. */
    static double meanDifference(RgbImage one, RgbImage other) {
        long sum = 0;
        for (int i = 0; i < one.rgb().length; i++) {
            sum += Math.abs((one.rgb()[i] & 0xFF) - (other.rgb()[i] & 0xFF));
        }
        return (double) sum / one.rgb().length;
    }

    static double brightness(RgbImage image) {
        long sum = 0;
        for (byte sample : image.rgb()) {
            sum += sample & 0xFF;
        }
        return (double) sum / image.rgb().length;
    }
}
