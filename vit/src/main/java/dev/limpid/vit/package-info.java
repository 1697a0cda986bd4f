/**
 * Vision transformers: {@code ViTForImageClassification} and {@code DeiTForImageClassification} from a Hugging Face checkpoint, forward and backward
 * to the patch embeddings and on to the pixels.
 */
package dev.limpid.vit;
