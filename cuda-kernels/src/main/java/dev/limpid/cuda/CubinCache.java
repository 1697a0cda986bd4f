package dev.limpid.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/**
 * Compiled kernels on disk, each under the SHA-256 of all it was made from.
 *
 * <p>A file is the SHA-256 of the rest and the rest, so a damaged one is noticed and made again. It appears by one move; several processes may write the same
 * one. Where nothing can be written, everything is compiled each time.
 */
final class CubinCache {
    private static final int DIGEST = 32;

    private final Path directory;

    /** A cache in this directory, which need not exist. */
    CubinCache(Path directory) {
        this.directory = directory;
    }

    /**
     * What is kept for these parts, or what the compiler makes.
     *
     * @param parts the text, its options, architecture and the compiler's version: whatever the result depends on
     */
    byte[] get(List<String> parts, Supplier<byte[]> compiler) {
        Path file = directory.resolve(key(parts) + ".cubin");
        byte[] kept = read(file);
        if (kept != null) {
            return kept;
        }
        byte[] made = compiler.get();
        write(file, made);
        return made;
    }

    /** SHA-256 of the parts, each with its length before it so that no two lists run together. */
    static String key(List<String> parts) {
        MessageDigest sha = sha256();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            sha.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
            sha.update(bytes);
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    private static byte[] read(Path file) {
        try {
            byte[] all = Files.readAllBytes(file);
            if (all.length <= DIGEST) {
                return null;
            }
            byte[] cubin = Arrays.copyOfRange(all, DIGEST, all.length);
            return Arrays.equals(all, 0, DIGEST, sha256().digest(cubin), 0, DIGEST) ? cubin : null;
        } catch (IOException e) {
            return null;
        }
    }

    private void write(Path file, byte[] cubin) {
        try {
            Files.createDirectories(directory);
            Path beside = Files.createTempFile(directory, "new-", ".tmp");
            try {
                byte[] all = Arrays.copyOf(sha256().digest(cubin), DIGEST + cubin.length);
                System.arraycopy(cubin, 0, all, DIGEST, cubin.length);
                Files.write(beside, all);
                Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(beside);
            }
        } catch (IOException e) {
            // The kernels are compiled and can be used; only the next start will be slower.
            return;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
