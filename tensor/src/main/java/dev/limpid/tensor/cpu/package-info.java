/**
 * The CPU: {@link dev.limpid.tensor.cpu.ReferenceOps} says what every operation means, {@link dev.limpid.tensor.cpu.CpuOps} computes it fast.
 */
package dev.limpid.tensor.cpu;
