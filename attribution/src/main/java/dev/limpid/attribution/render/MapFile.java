package dev.limpid.attribution.render;

import dev.limpid.attribution.explain.ImageAttribution;
import dev.limpid.attribution.explain.ImageExplanation;
import dev.limpid.safetensors.SafetensorsWriter;
import dev.limpid.tensor.DType;
import dev.limpid.vit.image.PixelValues;
import java.util.ArrayList;
import java.util.List;

/**
 * Maps of attributions as a safetensors file.
 *
 * <p>Of one image and one target it holds {@code attributions} and {@code pixels}, (C,H,W) in F32: what every value added to the score, and the normalised
 * values themselves. Of several, it holds {@code pixels.I} for each image and {@code attributions.I.T} for each target of it, both counted from 1. The metadata
 * are {@code model} and, numbered as the attributions are, {@code label}, {@code index} and {@code method}.
 */
public final class MapFile {
    private final SafetensorsWriter writer = new SafetensorsWriter();
    private final boolean severalImages;
    private int count;

    /** An empty file for the maps of so many images. */
    public MapFile(int images) {
        severalImages = images > 1;
    }

    /**
     * Adds an image's maps.
     *
     * @return the name of each target's attributions
     */
    public List<String> add(ImageExplanation explanation) {
        count++;
        PixelValues pixels = explanation.pixels();
        List<ImageAttribution> targets = explanation.explanations();
        boolean numbered = severalImages || targets.size() > 1;
        writer.metadata("model", VisibleText.wellFormed(explanation.model()));
        add("pixels" + (numbered ? "." + count : ""), pixels.values(), pixels);
        List<String> names = new ArrayList<>();
        for (int t = 0; t < targets.size(); t++) {
            String number = numbered ? "." + count + "." + (t + 1) : "";
            ImageAttribution target = targets.get(t);
            add("attributions" + number, narrow(target.values()), pixels);
            names.add("attributions" + number);
            writer.metadata("label" + number, VisibleText.wellFormed(target.label()))
                    .metadata("index" + number, Integer.toString(target.index()))
                    .metadata("method" + number, target.method());
        }
        return names;
    }

    private void add(String name, float[] values, PixelValues shape) {
        writer.floats(name, DType.F32, values, shape.channels(), shape.height(), shape.width());
    }

    private static float[] narrow(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }

    /** The file. */
    public byte[] bytes() {
        return writer.bytes();
    }
}
