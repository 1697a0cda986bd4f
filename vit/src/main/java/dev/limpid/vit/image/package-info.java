/** Images on their way into a model: decoding, and the resizing, cropping and normalising that {@code preprocessor_config.json} asks for. */
package dev.limpid.vit.image;
