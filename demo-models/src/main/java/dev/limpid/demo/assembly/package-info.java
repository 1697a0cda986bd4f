/**
 * Assembles the embedded checkpoint during the build; not part of the jar.
 *
 * <p>{@link dev.limpid.demo.assembly.AssembleModels} reads the encoder out of an ONNX file on the class path and writes it
 * as a Hugging Face checkpoint.
 */
package dev.limpid.demo.assembly;
