package dev.limpid.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/**
 * A model among the resources, as the index that the build wrote describes it.
 *
 * @param loader finds the resources
 * @param name the model's folder
 * @param key stands for the content of all its files
 * @param sizes the files and their sizes in bytes
 */
record PackedModel(ClassLoader loader, String name, String key, Map<String, Long> sizes) {

    private static final String FOLDER = "dev/limpid/demo/models/";

    /**
     * Looks a model up in the index.
     *
     * @throws IllegalStateException if there is no index, or the model is not in it
     */
    static PackedModel find(ClassLoader loader, String name) {
        Properties index = new Properties();
        try (InputStream in = loader.getResourceAsStream(FOLDER + "index.properties")) {
            if (in != null) {
                index.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The index of the embedded models cannot be read: " + e.getMessage(), e);
        }
        String key = index.getProperty(name + ".key");
        if (key == null) {
            throw new IllegalStateException("The embedded model " + name
                    + " is not on the class path; build it with mvn -pl demo-models -am package");
        }
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (String file : index.getProperty(name + ".files").split(" ", -1)) {
            int colon = file.lastIndexOf(':');
            sizes.put(file.substring(0, colon), Long.valueOf(file.substring(colon + 1)));
        }
        return new PackedModel(loader, name, key, Collections.unmodifiableMap(sizes));
    }

    /** The address of one of the model's files. */
    URL resource(String file) {
        URL url = loader.getResource(FOLDER + name + "/" + file);
        if (url == null) {
            throw new IllegalStateException("The embedded model " + name + " lacks " + file + "; build it again");
        }
        return url;
    }
}
