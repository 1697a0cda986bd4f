/**
 * Reading and writing safetensors files, sharded checkpoints and PEFT LoRA adapters.
 *
 * <p>{@link dev.limpid.safetensors.SafetensorsFile} maps one file, {@link dev.limpid.safetensors.Checkpoint} a model
 * directory, {@link dev.limpid.safetensors.Weights} is what a model loader reads from.
 */
package dev.limpid.safetensors;
