/**
 * What people see of an image's explanation: a picture as PNG, and a page of HTML to look around in.
 *
 * <p>The way of the data: an {@link dev.limpid.attribution.render.picture.AttributionMap} (C,H,W) is summed over its channels, reduced to a
 * {@link dev.limpid.attribution.render.picture.Sign} and scaled to [−1, 1] ({@link dev.limpid.attribution.render.picture.ScaledMap}); a
 * {@link dev.limpid.attribution.render.picture.View} turns it, with the image, into pixels at the resolution the model saw; a
 * {@link dev.limpid.attribution.render.picture.Picture} puts those, enlarged, beside the original with titles and colour bars, and an
 * {@link dev.limpid.attribution.render.picture.ImagePage} lets one switch between them.
 *
 * <p>Nothing here draws through {@code java.awt.Graphics} or uses a font of the system, so that pictures are the same on every machine and need neither a
 * display nor a font.
 */
package dev.limpid.attribution.render.picture;
