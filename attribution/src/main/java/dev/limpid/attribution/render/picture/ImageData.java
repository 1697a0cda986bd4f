package dev.limpid.attribution.render.picture;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** What a page's script computes with: the attributions in single precision, and the colours. */
final class ImageData {
    private static final List<String> RGB = List.of("R", "G", "B");

    private ImageData() {}

    /** As JSON that can stand in a script element: nothing in it ends the element. */
    static String json(List<ImageFigure> figures) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        ObjectNode palettes = data.putObject("palettes");
        for (Palette palette : Palette.values()) {
            ObjectNode colours = palettes.putObject(palette.id());
            for (Sign sign : Sign.values()) {
                colours.put(sign.id(), bytes(palette.colours(sign)));
            }
        }
        data.put("greys", bytes(ColourMap.GREY));
        ArrayNode array = data.putArray("figures");
        figures.forEach(figure -> add(array.addObject(), figure));
        return data.toString().replace("<", "\\u003c");
    }

    private static void add(ObjectNode node, ImageFigure figure) {
        AttributionMap map = figure.map();
        node.put("width", map.width()).put("height", map.height()).put("patchWidth", figure.patch().width())
                .put("patchHeight", figure.patch().height());
        ArrayNode names = node.putArray("names");
        for (int c = 0; c < map.channels(); c++) {
            names.add(map.channels() == RGB.size() ? RGB.get(c) : "channel " + c);
        }
        ByteBuffer values = ByteBuffer.allocate(Float.BYTES * map.values().length).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : map.values()) {
            values.putFloat((float) value);
        }
        node.put("values", values.array());
    }

    private static byte[] bytes(ColourMap colours) {
        byte[] bytes = new byte[3 * ColourMap.SIZE];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (colours.entry(i / 3) >> (16 - 8 * (i % 3)));
        }
        return bytes;
    }
}
