package dev.limpid.vit.image;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;

/** Runs a decoder of ImageIO over the parts of a file, and turns whatever goes wrong there into one sentence. */
final class Decoder {
    private Decoder() {}

    /** The first image, with its samples as they are stored. */
    static BufferedImage image(ImageReaderSpi spi, Parts parts, Content content, String format) {
        return decode(spi, parts, content, format, reader -> reader.read(0));
    }

    /** The samples of the first image without any conversion of colours. */
    static Raster raster(ImageReaderSpi spi, Parts parts, Content content, String format) {
        return decode(spi, parts, content, format, reader -> reader.readRaster(0, null));
    }

    /**
     * The decoder that comes with the JDK, whatever else is on the class path and wants to be preferred.
     *
     * @param plugin the name of its class
     */
    static ImageReaderSpi ofJdk(String plugin) {
        Iterator<ImageReaderSpi> found = IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class,
                spi -> ((ImageReaderSpi) spi).getPluginClassName().equals(plugin), false);
        if (!found.hasNext()) {
            throw new ImageException("this Java has no " + plugin + "; use a JDK with the whole module java.desktop");
        }
        return found.next();
    }

    private interface Reading<T> {
        T from(ImageReader reader) throws IOException;
    }

    private static <T> T decode(ImageReaderSpi spi, Parts parts, Content content, String format, Reading<T> reading) {
        List<String> warnings = new ArrayList<>();
        try (ImageInputStream stream = parts.open()) {
            ImageReader reader = spi.createReaderInstance();
            try {
                reader.setInput(stream, true, true);
                reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
                T result = reading.from(reader);
                // The JDK fills what is missing with grey and only warns.
                for (String warning : warnings) {
                    if (warning.contains("remature end")) {
                        throw content.truncated();
                    }
                }
                return result;
            } finally {
                reader.dispose();
            }
        } catch (ImageException e) {
            throw e;
        } catch (EOFException e) {
            throw content.truncated();
        } catch (IOException | RuntimeException e) {
            // Decoders meet bad bytes with any exception there is, of array indices too.
            if (e.getCause() instanceof EOFException) {
                throw content.truncated();
            }
            throw content.damaged(format + " file (" + e.getMessage() + ")", e);
        }
    }
}
