package dev.limpid.attribution.render;

/**
 * What a document of attention holds besides the attention itself.
 *
 * @param imageName what the image is called; null for a text, or an image without a name
 * @param map the safetensors file with the maps of all heads, or null
 */
public record AttentionDetails(String imageName, String map) {
    /** Neither. */
    public static final AttentionDetails NONE = new AttentionDetails(null, null);
}
