package dev.limpid.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version Maven built. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[]{"limpid " + ofLimpid(),
                "Java " + Runtime.version() + " (" + System.getProperty("java.vendor")
                        + "), " + System.getProperty("os.name") + " " + System.getProperty("os.arch")};
    }

    /** Limpid's own. */
    static String ofLimpid() {
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
